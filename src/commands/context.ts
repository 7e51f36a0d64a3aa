import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const contextCommand: CommandSpec = {
  name: 'context',
  summary: 'what an agent should know here and now: its session and how it stands, and who else changes what',
  examples: ['flightrules context', 'flightrules context --json', 'flightrules -C ../shop-sessions/login context'],
  run: tellContext,
}

async function tellContext(invocation: Invocation): Promise<Outcome> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, set, findings } = await openSessions(invocation, 'read')
  const { readAgentContext } = await import('../agents/context/agent-context.ts')
  const { facts, findings: told } = await readAgentContext(context, set)
  const { describeContext } = await import('../agents/context/describe-context.ts')
  return {
    data: facts,
    findings: [...findings, ...told],
    view: (screen) => screen.answer(describeContext(facts)),
  }
}
