import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const statusCommand: CommandSpec = {
  name: 'status',
  summary: 'show all sessions: branch, changes, distance to the base, conflicts, ports, state',
  options: [
    { flags: '--watch', description: 'refresh in place until interrupted; once with --json' },
    { flags: '--interval <seconds>', description: 'how often --watch looks again', integer: true },
  ],
  examples: ['flightrules status', 'flightrules status --json', 'flightrules status --watch'],
  run: runStatus,
}

async function runStatus(invocation: Invocation): Promise<Outcome> {
  // one document is the answer of --json, and there is no second
  if (invocation.options['watch'] !== true || invocation.json) return readOnce(invocation)
  const { watch } = await import('../ui/watch.ts')
  const seconds = invocation.options['interval']
  await watch(invocation.screen, invocation.signal, typeof seconds === 'number' ? seconds : 2, () => renderOnce(invocation))
  return { data: {} }
}

async function readOnce(invocation: Invocation): Promise<Outcome> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, set, findings } = await openSessions(invocation, 'read')
  const { readSessions } = await import('../sessions/read-status.ts')
  const { report, findings: told } = await readSessions(context, set)
  const { renderStatus } = await import('../ui/views/status-view.ts')
  return {
    data: report,
    findings: [...findings, ...told],
    view: (screen) => screen.answer(renderStatus(report, screen, context.now())),
  }
}

async function renderOnce(invocation: Invocation): Promise<string> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, set, findings } = await openSessions(invocation, 'read')
  const { readSessions } = await import('../sessions/read-status.ts')
  const { renderStatus } = await import('../ui/views/status-view.ts')
  const { report, findings: told } = await readSessions(context, set)
  const text = renderStatus(report, invocation.screen, context.now())
  return [text, ...[...findings, ...told].map((finding) => finding.message)].join('\n')
}
