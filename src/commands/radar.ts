import type { CommandSpec } from './command.ts'

export const radarCommand: CommandSpec = {
  name: 'radar',
  aliases: ['conflicts'],
  summary:
    'show which files sessions change in common, and where they would conflict with each other or the base, as they are now',
  arguments: [{ syntax: '[id]', description: 'only this session with each of the others; default: every pair' }],
  options: [
    { flags: '--file <path>', description: 'who else changes this file or folder? it need not exist', repeatable: true },
    { flags: '--order', description: 'in which order to merge so that the fewest conflict, and why' },
    { flags: '--check', description: 'end with status 4 when there are conflicts, and with 1 when that could not be told' },
  ],
  examples: [
    'flightrules radar',
    'flightrules radar login',
    'flightrules radar --file src/prices.js',
    'flightrules radar --order',
    'flightrules radar --check --json',
  ],
  async run(invocation) {
    const { runRadar } = await import('./radar-run.ts')
    return runRadar(invocation)
  },
}
