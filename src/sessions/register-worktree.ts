import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type BranchTips, listBranchTips } from '../git/branches.ts'
import { areHooksHeld } from '../git/no-hooks.ts'
import { listWorktrees, type Worktree } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { beginOperation } from '../operations/operation.ts'
import { resolveBase } from './base-branch.ts'
import { isMadeByAgent } from './agent-worktree.ts'
import { type Context, commonDirOf } from './context.ts'
import { foreignOfNobodyKnown } from './foreign/lost-record.ts'
import { type LocatedWorktree, loadSessions, type SessionSet } from './load-sessions.ts'
import { isLockedPlace } from './locked-place.ts'
import { resolveManifestPath } from './manifest.ts'
import { firstFreeName, foldName, slugify } from './name.ts'
import { makeWork, makingKind, toMakingFacts } from './making-operation.ts'
import { makeSession } from './new-session.ts'
import { planProvision, type SetupWish } from './plan-provision.ts'
import type { Session, SessionOrigin } from './session.ts'
import { lockWorktreeStep } from './steps/lock-worktree.ts'
import { writeHistoryStep, writeManifestStep, writeRecordStep } from './steps/write-record.ts'
import type { Work } from './work.ts'

/**
 * Makes a session of a worktree somebody else created: the same record, ports, files and commands as `start` gives.
 * @returns undefined when it has a record already, or is gone.
 */
export async function registerWorktree(
  context: Context,
  path: string,
  input: { createdBy: SessionOrigin; setup: SetupWish },
): Promise<Work | undefined> {
  const lock = { operation: `register ${path}`, waitMs: context.lockWaitMs, signal: context.signal }
  const commonDir = commonDirOf(context)
  const begun = await withLock(commonDir, lock, async () => {
    const set = await loadSessions(context, await listWorktrees(context.git))
    const found = set.unregistered.find((entry) => entry.worktree.path === path)
    if (found === undefined) return undefined
    const session = await adoptWorktree(context, set, found, input.createdBy)
    const provision = await planProvision(context, input.setup, session.foreign === undefined ? 'own' : 'held')
    const work = { ...makeWork(context, session, path, [...provision.findings]), gitDir: found.gitDir }
    const isLocked = await isLockedPlace(context, path)
    const locked = [
      writeRecordStep(session),
      ...(isLocked ? [lockWorktreeStep(path)] : []),
      writeManifestStep(),
      writeHistoryStep('registered'),
    ]
    const steps = [...locked, ...provision.steps]
    const facts = toMakingFacts(session, path)
    const operation = await beginOperation(commonDir, makingKind('register'), { op: work.op, steps, facts, work })
    await operation.apply(locked)
    return { work, operation, rest: provision.steps }
  })
  if (begun === undefined) return undefined
  await begun.operation.apply(begun.rest)
  await begun.operation.end()
  return begun.work
}

async function adoptWorktree(
  context: Context,
  set: SessionSet,
  found: LocatedWorktree,
  createdBy: SessionOrigin,
): Promise<Session> {
  const { worktree } = found
  const tips = await listBranchTips(context.git)
  const base = await resolveBase(context, tips, set.main.worktree)
  const branch = worktree.branch?.replace('refs/heads/', '') ?? null
  const head = worktree.head ?? base.oid
  return makeSession(context, set, {
    id: chooseId(context, set, worktree, branch),
    branch,
    base: base.branch,
    // what the branch held before is not this session's work, and its being in the base says nothing about the session
    baseCommit: head,
    startsAt: head,
    ownsBranch:
      branch !== null && branch !== base.branch && !isOnRemote(tips, branch) && (await isFreshBranch(context, branch, head)),
    goals: [],
    mode: 'parallel',
    createdBy: createdBy === 'hook' && (await isMadeByAgent(worktree, context.env)) ? 'agent' : createdBy,
    issue: null,
    ...((await areHooksHeld(found.gitDir)) ? foreignOfNobodyKnown(head) : {}),
  })
}

function chooseId(context: Context, set: SessionSet, worktree: Worktree, branch: string | null): string {
  const prefix = context.loaded.config.branchPrefix
  const fromBranch = branch?.startsWith(prefix) === true ? branch.slice(prefix.length) : branch
  const folder = basename(worktree.path)
  // Codex has a folder of its own for each, and names the worktree in it after the project
  const places = folder === context.project ? [fromBranch, basename(dirname(worktree.path)), folder] : [folder, fromBranch]
  const name = places.flatMap((place) => slugify(place ?? '') ?? [])[0] ?? 'session'
  const remembered = set.manifest.state === 'valid' ? set.manifest.manifest.sessions : []
  // whoever lost the record of this very worktree may have the name again
  const entries = remembered
    .filter((entry) => resolveManifestPath(context.main, entry) !== worktree.path)
    .map((entry) => entry.id)
  const taken = new Set([...set.registered.map((entry) => entry.session.id), ...entries].map(foldName))
  return firstFreeName(name, (candidate) => taken.has(candidate))
}

/** A branch others have too is not there for one session, whoever made its local copy. */
function isOnRemote(tips: BranchTips, branch: string): boolean {
  return [...tips.remote.keys()].some((name) => name.endsWith(`/${branch}`))
}

/** `git worktree add -b` leaves exactly one line in the new branch's reflog: its creation, where HEAD still is. Old lines expire, so one alone says nothing. */
async function isFreshBranch(context: Context, branch: string, head: string): Promise<boolean> {
  const reflog = await readFile(join(commonDirOf(context), 'logs', 'refs', 'heads', ...branch.split('/')), 'utf8').catch(() => '')
  const [only, ...others] = reflog.split('\n').filter((line) => line !== '')
  const [, oid, action] = /^0+ ([0-9a-f]+) [^\t]*\t(.*)$/.exec(only ?? '') ?? []
  return others.length === 0 && oid === head && action?.startsWith('branch: Created from') === true
}
