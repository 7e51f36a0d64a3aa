import type { Plan, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import { isOwnBranch } from '../delete-branch.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { type CheckedEnd, checkEnd } from './check-end.ts'
import type { EndInput } from './end-input.ts'

/**
 * What ending a session would do: the very steps that are carried out.
 * @throws FlightRulesError the refusals that can be known beforehand.
 */
export async function planEnd(context: Context, entry: RegisteredSession, input: EndInput): Promise<Plan> {
  const steps = planEndSteps(context, entry, input, await checkEnd(context, entry, input))
  return { version: 1, command: 'end', steps, choices: [], findings: [] }
}

/** The steps of ending a session of which everything that could stop it is known. */
export function planEndSteps(context: Context, entry: RegisteredSession, input: EndInput, checked: CheckedEnd): Step[] {
  const { session } = entry
  if (session.mode === 'standard')
    return [
      ...commitSteps(checked, input),
      ...logSteps(entry, 'in the main worktree'),
      { kind: 'drop-entry', id: session.id, undo: 'start it again' },
      { kind: 'write-history', undo: 'nothing to take back' },
    ]
  const ready = [...commitSteps(checked, input), ...syncSteps(entry, input, checked)]
  const saved: Step[] =
    input.saveLog && session.sessionLog !== null
      ? [{ kind: 'save-session-log', file: session.sessionLog, undo: 'delete the copy in the main worktree' }]
      : []
  switch (input.strategy) {
    case 'merge':
      return [
        ...ready,
        ...logSteps(entry, `${input.merge} into ${session.base}`),
        {
          kind: 'integrate',
          method: input.merge,
          branch: branchOf(entry),
          into: session.base,
          undo: 'the base goes back while nobody has built on it',
        },
        input.keepWorktree ? keepStep(entry) : removeStep(entry, input, context.loaded.config.end.deleteBranch === 'merged'),
      ]
    case 'pr':
      return [...ready, ...logSteps(entry, `request into ${session.base}`), ...requestSteps(entry, input, checked)]
    case 'keep':
      return [
        ...ready,
        ...saved,
        ...logSteps(entry, 'kept'),
        { kind: 'push', branch: branchOf(entry), undo: 'the branch on the remote can be deleted there' },
        keepStep(entry),
      ]
    case 'abandon':
      return [...saved, removeStep(entry, input, true)]
  }
}

function branchOf({ worktree }: RegisteredSession): string {
  return worktree.branch?.replace('refs/heads/', '') ?? 'detached HEAD'
}

function commitSteps({ hasChanges }: CheckedEnd, { commit }: EndInput): Step[] {
  return hasChanges && commit !== undefined
    ? [{ kind: 'commit', message: commit, undo: 'git reset --soft HEAD^ in the session' }]
    : []
}

function syncSteps({ session }: RegisteredSession, input: EndInput, { syncBase }: CheckedEnd): Step[] {
  if (input.sync === false || syncBase === null) return []
  const { base } = session
  return [{ kind: 'sync', method: input.sync, base, onto: syncBase, undo: 'the branch goes back to where it was' }]
}

function logSteps({ session }: RegisteredSession, how: string): Step[] {
  const { sessionLog } = session
  if (sessionLog === null) return []
  return [{ kind: 'complete-session-log', file: sessionLog, how, undo: 'the commit it made can be reverted' }]
}

function requestSteps(entry: RegisteredSession, input: EndInput, { request }: CheckedEnd): Step[] {
  const branch = branchOf(entry)
  const { id, base } = entry.session
  const remote = request?.destination.remote ?? null
  return [
    { kind: 'push', branch, remote, undo: 'the branch on the remote can be deleted there' },
    ...(input.pushOnly
      ? []
      : [
          { kind: 'open-request', base, head: branch, undo: 'the request can be closed on the forge' },
          { kind: 'note-request', id, undo: 'the request stays open' },
        ]),
  ]
}

function keepStep({ session }: RegisteredSession): Step {
  return { kind: 'mark-kept', id: session.id, undo: `flightrules undo` }
}

/** An operation of its own, which is journaled for itself; it is named for what becomes of the branch. */
function removeStep({ session, worktree }: RegisteredSession, input: EndInput, mayDelete: boolean): Step {
  const deletesBranch = mayDelete && !input.keepBranch && isOwnBranch(session, worktree.branch)
  return {
    kind: 'remove-worktree',
    id: session.id,
    path: worktree.path,
    branch: session.branch,
    deletesBranch,
    undo: 'what it held stays in the trash, its commits under refs/flightrules/trash',
  }
}
