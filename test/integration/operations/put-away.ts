import { join } from 'node:path'
import { Git } from '../../../src/git/git.ts'
import { applyPlan } from '../../../src/operations/apply-plan.ts'
import { requireRemovable } from '../../../src/operations/trash/gate.ts'
import type { TrashItem } from '../../../src/operations/trash/item.ts'
import { readLockMarker } from '../../../src/operations/trash/lock-marker.ts'
import { type NewItemInput, newTrashItem } from '../../../src/operations/trash/new-item.ts'
import { planPutAway, putAwayCommitPoint, putAwayHandlers } from '../../../src/operations/trash/put-away.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

export interface PutAway {
  readonly repository: TestRepository
  readonly git: Git
  readonly worktree: string
  readonly sessionsDir: string
  readonly input: TrashInput
}

export interface TrashInput extends Omit<NewItemInput, 'record'> {
  readonly git: Git
  readonly commonDir: string
}

/** Puts a worktree away as a removal does, but for the journal. */
export async function moveToTrash(input: TrashInput): Promise<TrashItem> {
  const { git, commonDir, gitDir, worktree } = input
  await requireRemovable({ worktree, gitDir, commonDir })
  const item = await newTrashItem({ ...input, record: null })
  const plan = { version: 1, command: 'end', steps: planPutAway(item), choices: [], findings: [] } as const
  const work = { git, commonDir, item, lockedBefore: await readLockMarker(gitDir) }
  await applyPlan(plan, putAwayHandlers, work, putAwayCommitPoint)
  return item
}

/** A repository with a linked worktree `a` on branch `a`, and what `moveToTrash` has to be told about it. */
export async function makeWorktreeToPutAway(): Promise<PutAway> {
  const repository = await makeRepository({ files: { 'a.txt': 'a\n', '.gitignore': 'ignored\n' } })
  const sessionsDir = join(repository.parent, 'sessions')
  const worktree = join(sessionsDir, 'a')
  await repository.git(['worktree', 'add', '--quiet', '-b', 'a', worktree])
  const git = new Git(repository.path, repository.env)
  const commonDir = join(repository.path, '.git')
  const input: TrashInput = {
    git,
    commonDir,
    sessionsDir,
    worktree,
    gitDir: join(commonDir, 'worktrees', 'a'),
    id: 'a',
    branch: 'a',
    head: await repository.git(['rev-parse', 'a']),
    lock: null,
    reason: 'ended',
    now: new Date('2026-01-02T03:04:05.678Z'),
  }
  return { repository, git, worktree, sessionsDir, input }
}
