import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession } from './session-argument.ts'

export const setupCommand: CommandSpec = {
  name: 'setup',
  summary: 'make a session ready again: env files, dependencies, env block, hooks, setup commands',
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [{ flags: '--no-setup', description: "do all but the project's setup commands" }],
  examples: ['flightrules setup auth'],
  run: runSetup,
}

async function runSetup(invocation: Invocation): Promise<Outcome> {
  const opened = await openSession(invocation)
  const { context, entry } = opened
  const { settleTrust } = await import('./settle-trust.ts')
  const consent = await settleTrust(invocation, opened)
  if (consent === 'approved') return runSetup(invocation)
  const wish = invocation.options['setup'] === false || consent === 'without' ? 'skip' : 'run'
  const { planSetup, setupSession } = await import('../sessions/setup-session.ts')
  if (invocation.dryRun) {
    const plan = await planSetup(context, entry, wish)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, findings: plan.findings, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  const { session, path, findings, failedCommand } = await setupSession(context, entry, wish)
  const { findSetupFailure } = await import('../sessions/setup-failure.ts')
  const failure = findSetupFailure(session, failedCommand)
  const { toManifestEntry } = await import('../sessions/manifest.ts')
  const { renderStart } = await import('../ui/views/start-view.ts')
  return {
    data: { session: toManifestEntry(session, context.main, path), path, next: [`cd ${path}`, 'claude'] },
    findings: [...opened.findings, ...findings],
    ...(failure === undefined ? {} : { failure }),
    view: (screen) => screen.answer(renderStart({ session, path, failedCommand }, screen)),
  }
}
