import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const historyCommand: CommandSpec = {
  name: 'history',
  summary: 'what happened to sessions, newest first',
  arguments: [{ syntax: '[id]', description: 'only this session' }],
  options: [{ flags: '--limit <n>', description: 'how many lines; default 20', integer: true }],
  examples: ['flightrules history', 'flightrules history auth --limit 5', 'flightrules history --json'],
  run: showHistory,
}

async function showHistory(invocation: Invocation): Promise<Outcome> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, findings } = await openSessions(invocation)
  const { readHistory } = await import('../sessions/undo/read-history.ts')
  const [id] = invocation.arguments
  const { limit } = invocation.options
  const items = await readHistory(context, typeof id === 'string' ? id : undefined, typeof limit === 'number' ? limit : 20)
  const { renderHistory } = await import('../ui/views/history-view.ts')
  return { data: { items }, findings, view: (screen) => screen.answer(renderHistory(items, screen, context.now())) }
}
