import { FlightRulesError } from '../errors.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

/** @param serve what speaks the protocol; it knows the commands, which this one is among. */
export function mcpCommand(serve: (invocation: Invocation) => Promise<Outcome>): CommandSpec {
  return {
    name: 'mcp',
    summary:
      'serve sessions, radar, sync and logs to agents as tools of the Model Context Protocol, on standard input and output',
    examples: ['claude mcp add flightrules -- npx --no-install flightrules mcp'],
    async run(invocation) {
      if (!invocation.json && !invocation.dryRun) return serve(invocation)
      throw new FlightRulesError({
        kind: 'usage',
        code: 'USAGE',
        message: 'mcp answers in frames of its protocol alone; --json and --dry-run say nothing here',
        hint: 'flightrules mcp',
      })
    },
  }
}
