import type { SyncMethod } from '../../config/types.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { countAheadBehind, findMergeBase, isAncestor, listChangedPaths } from '../../git/ancestry.ts'
import { readCommits } from '../../git/log.ts'
import { listRefs } from '../../git/refs.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { findOverlap } from '../../integrate/room-to-land.ts'
import type { Rewritten } from '../../integrate/replay.ts'
import { type Context, commonDirOf } from '../context.ts'
import { findDroppedFork } from '../dropped-fork.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { buildHead, type BuildHeadInput, listOwnCommits } from './build-head.ts'
import { carryOver, readChanges, requireRoomFor } from './carry-over.ts'
import { countCommits, type Onto } from './find-onto.ts'
import { requireSyncable } from './require-syncable.ts'
import type { SyncFacts } from './sync-facts.ts'
import type { SyncInput } from './sync-input.ts'

/** Where a session is, and what it is to be brought onto in which way. */
export interface SyncQuestion {
  /** Full name of the session's branch. */
  readonly ref: string
  readonly head: string
  /** Tracked files with changes, with which git would not rebase. */
  readonly changed: readonly string[]
  readonly untracked: readonly string[]
  readonly build: BuildHeadInput
  /** It has everything of its base already. */
  readonly isUpToDate: boolean
  readonly findings: readonly Finding[]
}

/** All that can be made before anything moves. */
export interface PreparedSync {
  readonly facts: SyncFacts
  /** Commits that are others now, oldest first. */
  readonly rewritten: readonly Rewritten[]
}

/**
 * Makes the commits a sync needs, with all that could stop it found out; no ref, file or index changes.
 * @throws FlightRulesError MERGE_CONFLICTS, UNCOMMITTED_CONFLICTS, IN_THE_WAY, REBASE_HAS_MERGES, CHANGES_UNREADABLE; HOOK_REFUSED,
 * SIGNING_FAILED, unless it is a preview.
 */
export async function prepareSync(
  context: Context,
  entry: RegisteredSession,
  onto: Onto,
  question: SyncQuestion,
  purpose: 'preview' | 'move' = 'move',
): Promise<PreparedSync> {
  const { ref, head, changed, untracked, build } = question
  const hooks = {
    commonDir: commonDirOf(context),
    onOutput: (chunk: string): void => context.report({ event: 'git-output', chunk }),
  }
  const built = await buildHead(context.git, build, purpose === 'move' ? hooks : undefined)
  const to = built.commit
  const incoming = await listChangedPaths(context.git, head, to)
  // a repository of its own is named with a slash
  const met = findOverlap(
    untracked.map((path) => path.replace(/\/$/, '')),
    incoming,
  )
  const changes = await readChanges(context.git, entry, { head, hasTracked: changed.length > 0, untracked: met })
  const carried = await carryOver(context.git, entry, changes, { to, onto: onto.name })
  const { session, worktree } = entry
  const { id, uuid, base } = session
  const facts: SyncFacts = {
    id,
    uuid,
    path: worktree.path,
    ref,
    base,
    onto: onto.name,
    ontoOid: onto.oid,
    method: build.method,
    ...changes,
    to,
    ...carried,
    since: context.now().toISOString(),
  }
  await requireRoomFor(context.git, entry, facts)
  return { facts, rewritten: built.rewritten }
}

/**
 * Where a session is and what is to be done with it; changes nothing.
 * @throws FlightRulesError OPERATION_IN_PROGRESS, UNMERGED_PATHS, DETACHED_HEAD, SESSION_MISSING, SESSION_ON_BASE; UNRELATED_HISTORIES,
 * BASE_REWRITTEN.
 */
export async function askSync(context: Context, entry: RegisteredSession, onto: Onto, input: SyncInput): Promise<SyncQuestion> {
  const { git } = context
  const { session, worktree } = entry
  const { head, branch, ref } = await requireSyncable(context, entry)
  const status = await readStatus(git, worktree.path)
  const { untracked } = status
  const state = { ref, head, changed: changedPaths({ ...status, untracked: [] }), untracked }
  const message = `Merge ${session.base} into ${branch}\n`
  const sides = { id: session.id, worktree: worktree.path, base: onto.name }
  if (await isAncestor(git, onto.oid, head)) {
    const method = input.method ?? 'rebase'
    return {
      ...state,
      build: { method, head, onto: onto.oid, leaveOut: null, sides, branch, message },
      isUpToDate: true,
      findings: [],
    }
  }
  if ((await findMergeBase(git, onto.oid, head)) === null) throw await unrelated(context, session.id, onto)
  const { method, findings } = await chooseMethod(context, entry, onto, { head, branch }, input)
  const dropped = await findDropped(context, entry, onto, head, method, input)
  const leaveOut = dropped === null || input.dropped === 'keep' ? null : dropped.fork
  const said = leaveOut === null || dropped === null || dropped.isThere ? [] : [leftOut(session.id, onto.name, dropped)]
  return {
    ...state,
    build: { method, head, onto: onto.oid, leaveOut, sides, branch, message },
    isUpToDate: false,
    findings: [...findings, ...said],
  }
}

/** Unless somebody says how: as configured, and by merge where a rebase cannot go or would have to be forced onto a remote. */
async function chooseMethod(
  { git, loaded }: Context,
  { session }: RegisteredSession,
  { oid, name }: Onto,
  { head, branch }: { readonly head: string; readonly branch: string },
  { method }: SyncInput,
): Promise<{ method: SyncMethod; findings: Finding[] }> {
  if (method !== null) return { method, findings: [] }
  const configured = loaded.config.end.sync
  if (configured === 'merge') return { method: configured, findings: [] }
  const own = await readCommits(git, oid, head)
  const byMerge = (why: string): { method: SyncMethod; findings: Finding[] } => ({
    method: 'merge',
    findings: [
      {
        code: 'SYNC_BY_MERGE',
        message: `${name} is merged into session ${session.id} instead of rebasing it, for ${why}`,
        hint: `to rebase all the same: flightrules sync ${session.id} --method rebase`,
        details: { id: session.id },
      },
    ],
  })
  if (own.length === 0) return { method: 'rebase', findings: [] }
  if (own.some(({ parents }) => parents.length > 1)) return byMerge('it contains merges')
  const pushed = (await listRefs(git, ['refs/remotes'])).find(
    ({ ref, oid: seen }) => ref.endsWith(`/${branch}`) && own.some((commit) => commit.oid === seen),
  )
  if (pushed === undefined) return { method: 'rebase', findings: [] }
  return byMerge(`its commits are in ${pushed.ref.replace('refs/remotes/', '')} already`)
}

interface Dropped {
  readonly fork: string
  readonly count: number
  /** The base has the very changes of all of them, as a rebase leaves them: nothing is left out with them. */
  readonly isThere: boolean
}

/** @throws FlightRulesError BASE_REWRITTEN where nobody has said what becomes of the commits. */
async function findDropped(
  { git }: Context,
  { session }: RegisteredSession,
  onto: Onto,
  head: string,
  method: SyncMethod,
  input: SyncInput,
): Promise<Dropped | null> {
  const fork = await findDroppedFork(git, session, onto, head)
  if (fork === null) return null
  const { ahead: count } = await countAheadBehind(git, onto.oid, fork)
  const isThere = (await listOwnCommits(git, { head: fork, onto: onto.oid, leaveOut: null })).length === 0
  if (input.dropped === 'keep' || ((input.dropped === 'leave-out' || isThere) && method === 'rebase'))
    return { fork, count, isThere }
  const { id } = session
  const commits = countCommits(count)
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_REWRITTEN',
    message: `${onto.name} was rewritten since session ${id} left it: it has dropped ${commits} the session stands on; nothing was changed`,
    hint: `look at them: git log ${onto.oid.slice(0, 12)}..${fork.slice(0, 12)}`,
    choices: [
      {
        flag: '--method rebase --dropped leave-out',
        label: `put the session's own commits onto ${onto.name}, without the ${commits} it has dropped`,
        risky: true,
      },
      { flag: '--dropped keep', label: `keep the ${commits}: they are the session's then`, risky: true },
    ],
    details: { id, base: session.base, onto: onto.name, fork, dropped: count },
  })
}

function leftOut(id: string, name: string, { fork, count }: Dropped): Finding {
  return {
    code: 'DROPPED_LEFT_OUT',
    message: `${countCommits(count)} that ${name} has dropped ${count === 1 ? 'is' : 'are'} no part of session ${id} any more`,
    hint: 'to have everything back as it was: flightrules undo',
    details: { id, fork, dropped: count },
  }
}

async function unrelated({ git }: Context, id: string, { name, oid }: Onto): Promise<FlightRulesError> {
  const isShallow = (await git.readLine(['rev-parse', '--is-shallow-repository'])) === 'true'
  return new FlightRulesError({
    kind: 'failed',
    code: 'UNRELATED_HISTORIES',
    message: isShallow
      ? `session ${id} and ${name} have no common commit as far as this shallow clone goes back; nothing was changed`
      : `session ${id} and ${name} have no common commit; was ${name} rewritten? Nothing was changed`,
    hint: isShallow ? 'git fetch --unshallow' : `git log --oneline --graph ${name}`,
    details: { id, onto: oid, shallow: isShallow },
  })
}
