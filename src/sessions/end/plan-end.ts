import type { Plan, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { EndInput } from './end-input.ts'
import { checkEnd } from './check-end.ts'

/**
 * The steps ending a session would take.
 * @throws FlightRulesError the refusals that can be known beforehand.
 */
export async function planEnd(context: Context, entry: RegisteredSession, input: EndInput): Promise<Plan> {
  const { session, worktree } = entry
  const { hasChanges } = await checkEnd(context, entry, input)
  const branch = session.branch ?? 'detached HEAD'
  const commit: Step[] =
    !hasChanges || input.commit === undefined
      ? []
      : [{ kind: 'commit', message: input.commit, undo: 'git reset --soft HEAD^ in the session' }]
  const sync: Step[] =
    input.sync === false || input.strategy === 'abandon'
      ? []
      : [{ kind: 'sync', method: input.sync, base: session.base, undo: 'the branch is in its reflog' }]
  const log: Step[] =
    session.sessionLog === null || input.strategy === 'abandon'
      ? []
      : [{ kind: 'complete-session-log', file: session.sessionLog, undo: 'the commit it made can be reverted' }]
  const steps = [...commit, ...sync, ...log, ...strategySteps(context, entry, input, branch, worktree.path)]
  return { version: 1, command: 'end', steps, choices: [], findings: [] }
}

function strategySteps(
  { loaded }: Context,
  { session }: RegisteredSession,
  input: EndInput,
  branch: string,
  path: string,
): Step[] {
  if (session.mode === 'standard') return [{ kind: 'drop-entry', id: session.id, undo: 'start it again' }]
  const deletes =
    session.ownsBranch && !input.keepBranch && (input.strategy === 'abandon' || loaded.config.end.deleteBranch === 'merged')
  const removal: Step[] = [
    { kind: 'remove-worktree', path, undo: 'its content stays under refs/flightrules/trash' },
    ...(deletes && session.branch !== null
      ? [{ kind: 'delete-branch', branch: session.branch, undo: 'its commits stay under refs/flightrules/trash' }]
      : []),
    { kind: 'write-manifest', undo: 'the next command writes it again from the records' },
  ]
  switch (input.strategy) {
    case 'merge':
      return [
        { kind: 'integrate', method: input.merge, branch, into: session.base, undo: 'the base is in its reflog' },
        ...(input.keepWorktree ? [] : removal),
      ]
    case 'pr':
      return [
        { kind: 'push', branch, undo: 'the branch on the remote can be deleted there' },
        ...(input.pushOnly
          ? []
          : [{ kind: 'open-request', base: session.base, head: branch, undo: 'the request can be closed on the forge' }]),
      ]
    case 'keep':
      return [
        { kind: 'push', branch, undo: 'the branch on the remote can be deleted there' },
        { kind: 'mark-kept', id: session.id, undo: 'flightrules setup' },
      ]
    case 'abandon':
      return removal
  }
}
