import { join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { hasMoved } from '../../integrate/recover-land.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { removeDeadLock } from '../../operations/dead-lock.ts'
import type { OperationKind } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { type Context, commonDirOf } from '../context.ts'
import { type RegisteredSession } from '../load-sessions.ts'
import { reapplySparse } from '../../git/reapply-sparse.ts'
import { findSynced } from './find-synced.ts'
import { type Moving, moveSession, settleMoved, takeSessionBack } from './move-session.ts'
import { noteSynced } from './note-synced.ts'
import { nameSync, readSyncFacts, type SyncFacts, syncRefs } from './sync-facts.ts'

/** A session being synced: what the steps read and change. */
export interface SyncWork {
  /** Children of its git carry the operation's id. */
  readonly context: Context
  readonly moving: Moving
  /** As it is now; undefined when it is gone. */
  readonly entry: RegisteredSession | undefined
  readonly mode: 'run' | 'recover'
  readonly findings: Finding[]
  /** Files that somebody changed meanwhile. */
  left: readonly string[]
}

/** What bringing a session onto its base consists of. */
export function syncSteps({ id, ref, method, onto, head, to, undoes }: SyncFacts): Step[] {
  const undo = undoes === undefined ? 'flightrules undo' : `flightrules sync ${id}`
  return [
    { kind: 'store-changes', id, undo: 'what was stored is dropped' },
    {
      kind: 'move-session',
      branch: ref.replace('refs/heads/', ''),
      ...(undoes === undefined ? { method, onto } : {}),
      from: head,
      to,
      undo,
    },
    { kind: 'settle-session', id, undo },
    { kind: 'note-sync', id, undo: 'nothing to take back' },
  ]
}

const handlers: StepHandlers<SyncWork> = {
  'store-changes': {
    async apply(_step, { context, moving }) {
      const { before, after } = syncRefs(moving.id, moving.op)
      const { files, newFiles } = moving
      const refs = [
        { ref: before, new: files, old: null },
        { ref: after, new: newFiles, old: null },
      ]
      await updateRefs(context.git, refs, `flightrules: sync of ${moving.id}`)
    },
    async undo(_step, work) {
      // what could not be taken back now is for the next command
      if (work.moving.isUnderWay) return
      await freeLocks(work)
      await dropRefs(work)
    },
  },
  'move-session': {
    async apply(_step, { context, moving }) {
      // stopped half-way it leaves files half written
      await moveSession(context.git.withoutSignal(), moving)
    },
    async undo(_step, work) {
      const { context, moving, entry, mode } = work
      if (entry === undefined || entry.worktree.prunable !== null) return
      // what fails here and now takes itself back, as far as it can
      if (mode === 'run' && !moving.isUnderWay) return
      await freeLocks(work)
      work.left = await takeSessionBack(context.git.withoutSignal(), moving)
      moving.isUnderWay = false
      if (work.left.length > 0) work.findings.push(leftFiles(moving, work.left, 'taken back'))
    },
  },
  'settle-session': {
    async apply(_step, work) {
      const { context, moving, entry, mode } = work
      if (entry === undefined || entry.worktree.prunable !== null) return
      const git = context.git.withoutSignal()
      if (mode === 'recover') {
        await freeLocks(work)
        work.left = await settleMoved(git, moving)
        if (work.left.length > 0) work.findings.push(leftFiles(moving, work.left, 'finished'))
      }
      await reapplySparse(git, moving.path)
    },
  },
  'note-sync': {
    async apply(_step, work) {
      const { context, moving, entry, findings } = work
      findings.push(...(await noteSynced(context, entry, moving, moving.op)))
      await freeLocks(work)
      await dropRefs(work)
    },
  },
}

/** Bringing a session onto its base. Before its branch moved it is as if it had not been asked for; after that it is finished. */
export function syncOperation(context: Context): OperationKind<SyncWork> {
  return {
    kind: 'sync',
    handlers,
    commitPoint: 'move-session',
    unlocked: new Set(['note-sync']),
    describe({ facts }, outcome) {
      const known = readSyncFacts(facts)
      const name = nameSync(known)
      return outcome === 'finished'
        ? { message: `${name} was interrupted and is finished now` }
        : {
            message: `${name} was interrupted and taken back; the session is as it was`,
            hint: known.undoes === undefined ? `flightrules sync ${known.id}` : 'flightrules undo',
          }
    },
    findings: ({ findings }) => findings,
    async resume({ op, facts }) {
      const found = await findSynced(context, op, facts)
      return makeSyncWork(found.context, op, found.facts, found.entry, 'recover')
    },
    async isCommitted(_entry, { moving: { ref, head, to } }) {
      return hasMoved(context.git, { ref, from: head, to, worktree: null, gitDir: null })
    },
  }
}

export function makeSyncWork(
  context: Context,
  op: string,
  facts: SyncFacts,
  entry: RegisteredSession | undefined,
  mode: SyncWork['mode'],
): SyncWork {
  const moving = { ...facts, op, gitDir: entry?.gitDir ?? '', isUnderWay: false }
  return { context, moving, entry, mode, findings: [], left: [] }
}

/** Of what somebody changed in the middle of it the only whole state is stored; that stays. */
async function dropRefs({ context, moving, left }: SyncWork): Promise<void> {
  if (left.length > 0) return
  const { git } = context
  const { before, after } = syncRefs(moving.id, moving.op)
  const present = await Promise.all([before, after].map(async (ref) => ({ ref, new: null, old: await readRef(git, ref) })))
  const updates = present.filter(({ old }) => old !== null)
  await updateRefs(git.withoutSignal(), updates, `flightrules: sync of ${moving.id} is over`)
}

/** Lock files a git of ours left that was killed. */
async function freeLocks({ context, moving, mode }: SyncWork): Promise<void> {
  if (mode === 'run') return
  const { id, op, path, gitDir, ref, since } = moving
  const { before, after } = syncRefs(id, op)
  for (const name of ['index.lock', 'HEAD.lock']) await removeDeadLock(join(gitDir, name), { worktree: path, since })
  for (const name of [ref, before, after])
    await removeDeadLock(join(commonDirOf(context), ...`${name}.lock`.split('/')), { worktree: context.main, since })
}

function leftFiles(moving: Moving, paths: readonly string[], what: 'taken back' | 'finished'): Finding {
  const { id, path, op } = moving
  const { before, after } = syncRefs(id, op)
  return {
    code: 'SYNC_LEFT_FILES',
    message: `${nameSync(moving)} was ${what}, but for files that somebody has changed since, which were left as they are: ${namePaths(paths, 10)}; what they held before is kept as ${before}, what they were to hold as ${after}`,
    hint: `git -C ${quoteForShell(path)} diff ${before} -- <file>`,
    details: { id, paths, before, after },
  }
}
