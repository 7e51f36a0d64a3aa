import type { Plan, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import { isOwnBranch } from '../delete-branch.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { type CheckedEnd, checkEnd } from './check-end.ts'
import { findOthersConflict } from './find-others-conflict.ts'
import type { EndInput } from './end-input.ts'
import { preferLanding } from './find-landing.ts'

/**
 * What ending a session would do: the very steps that are carried out.
 * @throws FlightRulesError the refusals that can be known beforehand.
 */
export async function planEnd(context: Context, entry: RegisteredSession, wanted: EndInput): Promise<Plan> {
  const { input, findings } = await preferLanding(context, entry, wanted)
  const others = await findOthersConflict(context, entry, input)
  const checked = await checkEnd(context, entry, input)
  const steps = planEndSteps(context, entry, input, checked)
  return { version: 1, command: 'end', steps, choices: [], findings: [...findings, ...checked.findings, ...others] }
}

/** The steps of ending a session of which everything that could stop it is known. */
export function planEndSteps(context: Context, entry: RegisteredSession, input: EndInput, checked: CheckedEnd): Step[] {
  const { session } = entry
  if (session.mode === 'standard')
    return [
      ...commitSteps(checked, input),
      ...logSteps(entry, { how: 'in the main worktree', integration: `none; its commits are on ${branchOf(entry)}` }),
      { kind: 'drop-entry', id: session.id, undo: 'start it again' },
      { kind: 'write-history', undo: 'nothing to take back' },
    ]
  const ready = [...commitSteps(checked, input), ...syncSteps(input, checked)]
  switch (input.strategy) {
    case 'merge':
      return [
        ...ready,
        ...logSteps(entry, { how: 'merge', integration: `${input.merge} into ${session.base}` }),
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
      return [
        ...ready,
        ...logSteps(entry, { how: 'pr', integration: `request into ${session.base}` }),
        ...requestSteps(entry, input, checked),
      ]
    case 'keep':
      return [
        ...ready,
        ...logSteps(entry, { how: 'keep', integration: 'none' }),
        ...saveSteps(entry, input),
        { kind: 'push', branch: branchOf(entry), undo: 'the branch on the remote can be deleted there' },
        keepStep(entry),
      ]
    case 'abandon':
      return [...saveSteps(entry, input), removeStep(entry, input, true)]
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

function syncSteps(input: EndInput, { syncBase }: CheckedEnd): Step[] {
  if (input.sync === false || syncBase === null) return []
  const { ref, name, oid } = syncBase
  return [{ kind: 'sync', method: input.sync, base: name, ref, onto: oid, undo: 'flightrules undo' }]
}

function logSteps({ session }: RegisteredSession, said: { readonly how: string; readonly integration: string }): Step[] {
  const { sessionLog } = session
  if (sessionLog === null) return []
  return [{ kind: 'complete-session-log', file: sessionLog, ...said, undo: 'the commit it made can be reverted' }]
}

function saveSteps({ session: { sessionLog } }: RegisteredSession, { saveLog, strategy }: EndInput): Step[] {
  if (!saveLog || sessionLog === null) return []
  return [
    {
      kind: 'save-session-log',
      file: sessionLog,
      how: strategy,
      integration: 'none',
      undo: 'delete the copy in the main worktree',
    },
  ]
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
