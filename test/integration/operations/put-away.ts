import { join } from 'node:path'
import { Git } from '../../../src/git/git.ts'
import type { TrashInput } from '../../../src/operations/trash.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

export interface PutAway {
  readonly repository: TestRepository
  readonly git: Git
  readonly worktree: string
  readonly sessionsDir: string
  readonly input: TrashInput
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
    reason: 'ended',
    now: new Date('2026-01-02T03:04:05.678Z'),
  }
  return { repository, git, worktree, sessionsDir, input }
}
