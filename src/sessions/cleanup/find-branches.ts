import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { listRefs, updateRefs } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { loadTrash, trashTime } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import { listOrphans } from '../drop-orphan.ts'
import { loadSessions, type SessionSet } from '../load-sessions.ts'
import { findNameProblem } from '../name.ts'
import { type CleanedUp, type CleanupFinder, type CleanupTask } from './cleanup-task.ts'

/** A branch that `start` made and nothing ever happened to, whose session is not there. */
interface LeftBranch {
  readonly branch: string
  readonly tip: string
  /** The session it was made for, as its reflog says. */
  readonly session: string
  /** Another branch, tag or remote-tracking branch holds its commit. */
  readonly isHeldElsewhere: boolean
  /** Somebody ended its session and wanted to keep it. */
  readonly wasKept: boolean
}

/** Branches that were left behind: made by a start, still where they began, nobody's. */
export const findBranches: CleanupFinder = async ({ context, set }) =>
  (await listLeftBranches(context, set)).map((left): CleanupTask => {
    const { branch, tip, session, isHeldElsewhere, wasKept } = left
    const doubt = wasKept
      ? '; it was left there when its session went'
      : isHeldElsewhere
        ? ''
        : '; but no other branch or tag holds that commit'
    return {
      id: branch,
      kind: 'branch',
      evidence: `start made it for session ${session}, which is not there; it has no commit of its own and no worktree${doubt}`,
      action: `delete the branch (it is at ${tip.slice(0, 12)})${isHeldElsewhere ? '' : '; its commit is kept in the trash'}`,
      verdict: doubt === '' ? 'safe' : 'ask',
      preview: async () => [{ kind: 'delete-branch', branch, head: tip, undo: `git branch ${branch} ${tip}` }],
      carryOut: (run) => deleteLeft(context, left, run),
    }
  })

async function deleteLeft(context: Context, { branch, tip, session }: LeftBranch, run: string): Promise<CleanedUp> {
  const commonDir = commonDirOf(context)
  const lock = { operation: `cleanup ${branch}`, signal: context.signal, waitMs: context.lockWaitMs }
  return withLock(commonDir, lock, async () => {
    const set = await loadSessions(context, await listWorktrees(context.git))
    const still = (await listLeftBranches(context, set)).find((left) => left.branch === branch && left.tip === tip)
    if (still === undefined) throw changed(branch)
    const id = findNameProblem(session) === undefined ? session : 'branch'
    const now = context.now()
    const ref = still.isHeldElsewhere ? null : `refs/flightrules/trash/${id}/${trashTime(now)}`
    const deletion = { ref: `refs/heads/${branch}`, new: null, old: tip }
    const updates = ref === null ? [deletion] : [{ ref, new: tip, old: null }, deletion]
    await updateRefs(context.git.withoutSignal(), updates, `flightrules: cleanup of ${branch}`)
    const reason = 'branch left behind by a start'
    // no operation that could be undone: the line says by itself how to have it back
    const details = { branch, tip, ref, reason, cleanup: run }
    await appendHistory(commonDir, { at: now.toISOString(), event: 'cleaned-up', id, uuid: '', ...details })
    return { trash: null, findings: [] }
  })
}

async function listLeftBranches(context: Context, set: SessionSet): Promise<LeftBranch[]> {
  const refs = await listRefs(context.git, ['refs/heads/'])
  const worktrees = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].map(({ worktree }) => worktree.branch)
  // a session's own branch, also while another one is checked out in it; what somebody goes back to; what a lost session is known by
  const used = new Set([
    ...worktrees,
    ...set.registered.flatMap(({ session }) => [session.branch, session.base]).map((branch) => `refs/heads/${branch ?? ''}`),
    ...listOrphans(context, set).map(({ branch }) => `refs/heads/${branch ?? ''}`),
    `refs/heads/${context.loaded.config.base ?? ''}`,
  ])
  const trashed = new Set((await loadTrash(commonDirOf(context))).map(({ branch }) => branch))
  const left: { ref: string; tip: string; session: string }[] = []
  for (const { ref, oid, worktree } of refs) {
    if (used.has(ref) || worktree !== null) continue
    const session = await findStart(commonDirOf(context), ref, oid)
    if (session !== undefined) left.push({ ref, tip: oid, session })
  }
  const own = new Set(left.map(({ ref }) => ref))
  return Promise.all(
    left.map(async ({ ref, tip, session }) => {
      const branch = ref.replace('refs/heads/', '')
      // two of them may hold nothing but each other
      const isHeldElsewhere = (await listHolders(context, tip)).some((holder) => !own.has(holder))
      return { branch, tip, session, isHeldElsewhere, wasKept: trashed.has(branch) }
    }),
  )
}

/** The session a branch was made for, if its reflog has that one line and nothing else: it never moved from where it began. */
async function findStart(commonDir: string, ref: string, oid: string): Promise<string | undefined> {
  const text = await readFile(join(commonDir, 'logs', ...ref.split('/')), 'utf8').catch(() => '')
  const [only, ...others] = text.split('\n').filter((line) => line !== '')
  const [, made, session] = /^0+ ([0-9a-f]+) [^\t]*\tflightrules: start (.+)$/.exec(only ?? '') ?? []
  return others.length === 0 && made === oid ? session : undefined
}

async function listHolders(context: Context, oid: string): Promise<string[]> {
  const patterns = ['refs/heads/', 'refs/remotes/', 'refs/tags/']
  const output = await context.git.read(['for-each-ref', '--format=%(refname)', '--contains', oid, ...patterns])
  return output.split('\n').filter((ref) => ref !== '')
}

function changed(branch: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'BRANCH_CHANGED',
    message: `branch ${branch} was not deleted: it is in use, or not where it was, by now`,
    hint: 'flightrules cleanup --dry-run',
    details: { branch },
  })
}
