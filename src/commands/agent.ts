import type { CommandSpec } from './command.ts'

export const agentCommand: CommandSpec = {
  name: 'agent',
  summary: "agents' own hooks: they start it with an event, and with their JSON on standard input",
  arguments: [{ syntax: '[event]', description: 'what happens in the agent; default: list the events' }],
  async run() {
    const { agentEvents } = await import('../agents/hooks/handlers.ts')
    return { data: { events: agentEvents }, view: (screen) => screen.answer(agentEvents.join('\n')) }
  },
}
