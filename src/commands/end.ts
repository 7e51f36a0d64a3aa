import type { Plan } from '../operations/plan.ts'
import type { Context } from '../sessions/context.ts'
import type { EndInput } from '../sessions/end/end-input.ts'
import type { RegisteredSession } from '../sessions/load-sessions.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { readEndInput } from './read-end-input.ts'

export const endCommand: CommandSpec = {
  name: 'end',
  summary: 'end a session: open a request, merge, keep or abandon it',
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [
    { flags: '--strategy <strategy>', description: 'what becomes of the work', choices: ['pr', 'merge', 'keep', 'abandon'] },
    { flags: '--merge <method>', description: 'merge: how it is merged', choices: ['merge', 'squash', 'rebase', 'ff-only'] },
    { flags: '--commit <message>', description: 'commit what is uncommitted first' },
    { flags: '--message <text>', description: 'merge: message of the merge or squash commit' },
    { flags: '--title <text>', description: "pr: the request's title" },
    { flags: '--body-file <file>', description: "pr: file with the request's text" },
    { flags: '--draft', description: 'pr: open the request as a draft' },
    { flags: '--push-only', description: 'pr: only push, and print where to open the request by hand' },
    { flags: '--remote <name>', description: 'pr and keep: remote to push the branch to, a fork of yours for instance' },
    {
      flags: '--proceed',
      description:
        'pr: although it would conflict with the base; merge: although the base was rewritten, or is behind what it follows',
    },
    { flags: '--sync <method>', description: 'bring the session onto its base first', choices: ['rebase', 'merge'] },
    { flags: '--save-log', description: 'keep and abandon: copy the session log into the main worktree' },
    { flags: '--keep-worktree', description: 'merge: leave the worktree where it is' },
    { flags: '--keep-branch', description: 'merge and abandon: leave the branch' },
  ],
  examples: [
    'flightrules end auth --strategy merge --merge squash',
    'flightrules end --commit "Finish the login form" --strategy pr',
    'flightrules end try-out --strategy abandon --save-log',
  ],
  run: runEnd,
}

async function runEnd(invocation: Invocation): Promise<Outcome> {
  const [id] = invocation.arguments
  const { openSessions } = await import('./open-repository.ts')
  const opened = await openSessions(invocation)
  const { context, set, findings } = opened
  const { dropOrphan, findOrphan } = await import('../sessions/drop-orphan.ts')
  const orphan = typeof id === 'string' ? findOrphan(context, set, id) : undefined
  if (orphan !== undefined && invocation.dryRun) {
    const { previewDrop } = await import('../sessions/drop-orphan.ts')
    const plan: Plan = { version: 1, command: 'end', steps: await previewDrop(context, orphan), choices: [], findings: [] }
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, findings, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  if (orphan !== undefined) {
    const { emptyResult } = await import('../sessions/end/end-input.ts')
    const { path: _path, ...empty } = emptyResult(orphan.id, 'abandon', '')
    const dropped = await dropOrphan(context, orphan, { event: 'ended' })
    const data = { ...empty, trash: dropped.trash, purged: true }
    const kept = orphan.branch === null ? '' : `; its branch ${orphan.branch} was left as it is`
    return {
      data,
      findings: [...findings, ...dropped.findings],
      view: (screen) => screen.answer(`Dropped session ${orphan.id}: its worktree was gone${kept}`),
    }
  }
  const { requireSession } = await import('../sessions/find-session.ts')
  const entry = requireSession(context, set, typeof id === 'string' ? id : undefined)
  const input = await withPreferredMethod(context, entry, readEndInput(invocation, context.loaded.config), invocation)
  if (invocation.dryRun) {
    const { planEnd } = await import('../sessions/end/plan-end.ts')
    const plan = await planEnd(context, entry, input)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, findings: plan.findings, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  // this program may be the one installed in the worktree that goes: nothing can be loaded afterwards
  const [{ endSession }, { renderEnd }] = await Promise.all([
    import('../sessions/end/end-session.ts'),
    import('../ui/views/end-view.ts'),
  ])
  const ended = await endSession(context, entry, input)
  const { path: _path, ...data } = ended.result
  return {
    data,
    findings: [...findings, ...ended.findings],
    view: (screen) =>
      screen.answer(
        renderEnd(
          ended.result,
          { session: entry.session, main: context.main, cwd: context.cwd, was: entry.worktree.path },
          screen,
        ),
      ),
  }
}

/** Where neither a flag nor the config names a method, git's own settings may. */
async function withPreferredMethod(
  context: Context,
  { session }: RegisteredSession,
  input: EndInput,
  { options }: Invocation,
): Promise<EndInput> {
  const { 'end.merge': origin = 'default' } = context.loaded.origins
  const isNamed = options['merge'] !== undefined || origin !== 'default'
  if (input.strategy !== 'merge' || isNamed) return input
  const { findPreferredMethod } = await import('../integrate/merge-settings.ts')
  return { ...input, merge: (await findPreferredMethod(context.git, session.base)) ?? input.merge }
}
