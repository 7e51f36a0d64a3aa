import type { CommandSpec } from './command.ts'

export const cleanupCommand: CommandSpec = {
  name: 'cleanup',
  summary:
    'take away what is left over: merged and lost sessions, half-made ones, branches, stale locks; asks where work could go',
  options: [
    { flags: '--merged', description: 'only sessions whose work is in their base' },
    { flags: '--no-fetch', description: 'go by what was last seen of the bases, and ask no forge' },
    { flags: '--stale <duration>', description: 'only sessions without a sign of life for this long: 12h, 5d, 2w' },
    { flags: '--id <id>', description: 'only this one, whatever it holds: what it held goes into the trash', repeatable: true },
  ],
  examples: [
    'flightrules cleanup --dry-run',
    'flightrules cleanup',
    'flightrules cleanup --stale 2w',
    'flightrules cleanup --id login',
  ],
  async run(invocation) {
    const { runCleanup } = await import('./cleanup-run.ts')
    return runCleanup(invocation)
  },
}
