import { join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { isAncestor } from '../../git/ancestry.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { readRef, resolveCommit } from '../../git/refs.ts'
import { listRemotes } from '../../git/remotes.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { requireMovable } from '../../integrate/move-back.ts'
import type { Move } from '../../integrate/recover-land.ts'
import type { HistoryEntry } from '../../operations/history.ts'
import type { Json, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import { loadSessions, type RegisteredSession, type SessionSet } from '../load-sessions.ts'
import { loadTrashEntries } from '../restore/trash-entries.ts'
import { planRestoreSession } from '../restore/restore-session.ts'
import type { SyncFacts } from '../sync/sync-facts.ts'
import type { PastOperation } from './find-undoable.ts'
import { planUndoSync } from './plan-undo-sync.ts'
import { notUndoable } from './undo-errors.ts'
import type { UndoKind } from './undo-operation.ts'

export interface UndoPlan {
  readonly kind: UndoKind | 'undo-sync'
  readonly steps: readonly Step[]
  /** What it comes to, as one sentence without its end. */
  readonly summary: string
  readonly findings: readonly Finding[]
  /** Of a sync, which goes back by the way it came. */
  readonly sync?: { readonly entry: RegisteredSession; readonly facts: SyncFacts }
}

/**
 * What undoing an operation would do; changes nothing.
 * @throws FlightRulesError NOT_UNDOABLE with the reason and what helps; BASE_MOVED, BASE_DIRTY, RESTORE_OCCUPIED; as `planUndoSync`.
 */
export async function planUndo(context: Context, { op, lines }: PastOperation): Promise<UndoPlan> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  const [line] = lines
  if (line === undefined) throw new Error('an operation without a line in the history')
  if (line.event === 'synced') return planUndoSync(context, requireThere(set, line), line, op)
  const plan = await planLine(context, set, lines, line)
  const last: Step = { kind: 'write-history', of: op, event: line.event, undo: 'nothing to take back' }
  return { ...plan, steps: [...plan.steps, last] }
}

async function planLine(
  context: Context,
  set: SessionSet,
  lines: readonly HistoryEntry[],
  line: HistoryEntry,
): Promise<UndoPlan> {
  switch (line.event) {
    case 'started':
    case 'registered':
      return undoMaking(context, requireThere(set, line), line.event)
    case 'restored':
      return removing(requireThere(set, line), `session ${line.id}, which was restored, goes back into the trash`)
    case 'ended':
    case 'cleaned-up':
      return undoEnd(context, set, lines, line)
    default:
      throw notUndoable(`what the history calls ${line.event} cannot be undone`, `flightrules history ${line.id}`)
  }
}

/** @throws FlightRulesError NOT_UNDOABLE. */
function requireThere(set: SessionSet, { id, uuid }: HistoryEntry): RegisteredSession {
  const found = set.registered.find(({ session }) => session.uuid === uuid)
  if (found !== undefined) return found
  throw notUndoable(
    `session ${id} is not there any more, so that cannot be undone; what became of it is in the history`,
    `flightrules history ${id}`,
    { id },
  )
}

async function undoMaking(context: Context, entry: RegisteredSession, event: 'started' | 'registered'): Promise<UndoPlan> {
  const { session, worktree } = entry
  const { id } = session
  if (worktree.prunable !== null)
    throw notUndoable(`the folder of session ${id} is gone`, `flightrules end ${id} --strategy abandon`, { id })
  if (session.mode === 'standard')
    return changing(entry, 'drop', `the entry of session ${id} goes; the main worktree stays as it is`)
  if (event === 'registered') {
    if (context.loaded.config.hooks.postCheckout.register !== false)
      throw notUndoable(
        `session ${id} is a worktree somebody made, and the next command would register it again`,
        `flightrules end ${id} --strategy abandon    takes the worktree away as well`,
        { id },
      )
    return changing(entry, 'drop', `the record of session ${id} goes; its worktree stays`)
  }
  const status = await readStatus(context.git, worktree.path)
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (worktree.head !== session.baseCommit || paths.length > 0)
    throw notUndoable(
      `session ${id} has work in it by now (${paths.length > 0 ? `${paths.length} changed ${paths.length === 1 ? 'file' : 'files'}` : 'commits'}), so undoing its start would be dropping that`,
      `flightrules end ${id} --strategy abandon    puts it into the trash with everything in it`,
      { id, paths },
    )
  return removing(entry, `session ${id} goes into the trash, its branch goes`)
}

function removing({ session, worktree }: RegisteredSession, summary: string): UndoPlan {
  const { id, uuid, branch } = session
  const step = { kind: 'remove-session', id, uuid, path: worktree.path, branch, undo: `flightrules restore ${id}` }
  return { kind: 'undo-remove', steps: [step], summary, findings: [] }
}

function changing({ session }: RegisteredSession, to: 'active' | 'drop', summary: string): UndoPlan {
  const { id, uuid } = session
  const undo = to === 'drop' ? 'start it again' : `flightrules end ${id} --strategy keep`
  return { kind: 'undo-change', steps: [{ kind: 'change-record', id, uuid, to, undo }], summary, findings: [] }
}

async function undoEnd(context: Context, set: SessionSet, lines: readonly HistoryEntry[], line: HistoryEntry): Promise<UndoPlan> {
  const { id } = line
  if (line['reason'] === 'request') throw requestStays(line)
  if (line['reason'] === 'standard')
    throw notUndoable(
      `session ${id} was in the main worktree; its branch and files are as they were, only the entry is gone`,
      `flightrules start ${id} --standard`,
      { id },
    )
  const merge = readMerge(line)
  const move = merge === undefined ? undefined : await moveOf(context, `refs/heads/${merge.into}`, merge.oid, merge.from)
  if (move !== undefined) await requireUnpublished(context, move, merge?.into ?? '')
  const steps: Step[] = move === undefined ? [] : [moveStep(move)]
  const said = move === undefined ? [] : [`${merge?.into ?? ''} goes back to ${move.to.slice(0, 12)}`]
  const findings: Finding[] = []
  if (line['reason'] === 'kept') {
    const { session } = requireThere(set, line)
    const { uuid } = session
    steps.push({ kind: 'change-record', id, uuid, to: 'active', undo: `flightrules end ${id} --strategy keep` })
    if (line['pushed'] === true) findings.push(staysPushed(line))
    return {
      kind: move === undefined ? 'undo-change' : 'undo-move',
      steps,
      summary: [...said, `session ${id} is active again`].join(', '),
      findings,
    }
  }
  const isBack = ({ uuid }: HistoryEntry): boolean => set.registered.some(({ session }) => session.uuid === uuid)
  const gone = lines.filter((one) => typeof one['trash'] === 'string' && !isBack(one))
  for (const one of gone) steps.push(await restoreStep(context, one))
  const branches = await listLostBranches(context, lines)
  steps.push(...branches)
  if (steps.length === 0)
    throw notUndoable('nothing of that can come back: it held nothing, or is there again', `flightrules history ${id}`.trim(), {
      id,
    })
  if (gone.length === 0 && branches.length > 0) {
    const names = branches.map(({ branch }) => String(branch)).join(', ')
    return { kind: 'undo-branch', steps, summary: `${names} ${branches.length === 1 ? 'is' : 'are'} made again`, findings }
  }
  const names = gone.map((one) => one.id).join(', ')
  if (gone.length === 0) return { kind: 'undo-move', steps, summary: said.join(', '), findings }
  const summary = [
    ...said,
    `${gone.length === 1 ? 'session' : 'sessions'} ${names} ${gone.length === 1 ? 'comes' : 'come'} back`,
  ].join(', ')
  return { kind: move === undefined ? 'undo-restore' : 'undo-move', steps, summary, findings }
}

/** Branches that went without a worktree, as long as nobody has taken their names. */
async function listLostBranches({ git }: Context, lines: readonly HistoryEntry[]): Promise<Step[]> {
  const steps: Step[] = []
  for (const { branch, tip, trash } of lines as readonly (HistoryEntry &
    Readonly<Record<'branch' | 'tip' | 'trash', unknown>>)[]) {
    if (typeof trash === 'string' || typeof branch !== 'string' || typeof tip !== 'string') continue
    if ((await readRef(git, `refs/heads/${branch}`)) !== null || (await resolveCommit(git, tip)) === null) continue
    steps.push({ kind: 'recreate-branch', branch, tip, undo: `git branch --delete ${branch}` })
  }
  return steps
}

async function restoreStep(context: Context, { id, uuid, trash }: HistoryEntry & { trash?: unknown }): Promise<Step> {
  const entry = (await loadTrashEntries(context)).find(({ item }) => item.trash === trash)
  if (entry === undefined)
    throw notUndoable(`what session ${id} held is not in the trash any more`, 'flightrules restore --list', { id, trash })
  // refuses where something is in the way
  await planRestoreSession(context, { entry })
  return { kind: 'restore-session', id, uuid, trash: entry.item.trash, undo: `flightrules end ${id} --strategy abandon` }
}

function readMerge(line: HistoryEntry): { into: string; oid: string; from: string } | undefined {
  const integrated = line['integrated']
  if (typeof integrated !== 'object' || integrated === null) return undefined
  const { into, oid, from } = integrated as Readonly<Record<string, unknown>>
  return typeof into === 'string' && typeof oid === 'string' && typeof from === 'string' ? { into, oid, from } : undefined
}

async function moveOf(context: Context, ref: string, from: string, to: string): Promise<Move> {
  const worktrees = await listWorktrees(context.git)
  const holder = worktrees.find((worktree) => worktree.branch === ref && !worktree.bare && worktree.prunable === null)
  const gitDir = holder === undefined ? null : ((await readGitEntry(join(holder.path, '.git'))) ?? null)
  const move = { ref, from, to, worktree: holder?.path ?? null, gitDir }
  await requireMovable(context.git, move)
  return move
}

function moveStep(move: Move): Step {
  return { kind: 'move-branch-back', ...(move as unknown as Record<string, Json>), undo: `git branch -f to ${move.from}` }
}

/** What others may have fetched is taken back by a commit of its own. */
async function requireUnpublished({ git }: Context, { from, to }: Move, branch: string): Promise<void> {
  for (const remote of await listRemotes(git)) {
    const seen = await readRef(git, `refs/remotes/${remote}/${branch}`)
    if (seen === null || !(await isAncestor(git, from, seen))) continue
    throw notUndoable(
      `the merge is in ${remote}/${branch} already, where others have it; moving ${branch} back here would not take it back there`,
      `take it back with a commit: git revert --mainline 1 ${from.slice(0, 12)}    for a merge commit; without --mainline 1 for any other`,
      { branch, remote, from, to },
    )
  }
}

function requestStays(line: HistoryEntry): Error {
  const { id } = line
  const pr = line['pr'] as { number?: number; url?: string } | undefined
  return notUndoable(
    `ending session ${id} by a request pushed ${String(line['branch'])} and opened ${pr?.url ?? 'a request'}; what is on the remote is not undone from here. The session itself was not changed`,
    `close the request there; to let the session go: flightrules end ${id} --strategy abandon`,
    { id, remote: { branch: line['branch'], request: pr ?? null } },
  )
}

function staysPushed({ id, branch }: HistoryEntry & { branch?: unknown }): Finding {
  return {
    code: 'REMOTE_STAYS',
    message: `${String(branch)} stays on the remote, where it was pushed when session ${id} was kept`,
    details: { id, branch },
  }
}
