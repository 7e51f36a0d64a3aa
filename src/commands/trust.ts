import type { CommandSpec } from './command.ts'

export const trustCommand: CommandSpec = {
  name: 'trust',
  summary: 'approve the config, so that it is loaded and its commands may run',
  options: [
    {
      flags: '--show',
      description: 'print the digest, everything that would be loaded and run, and what is different; approve nothing',
    },
    { flags: '--digest <hex>', description: 'approve exactly this digest, without a question' },
    { flags: '--revoke', description: 'take back every approval in this copy of the repository' },
  ],
  examples: ['flightrules trust', 'flightrules trust --show', 'flightrules trust --digest <hex>'],
  run: async (invocation) => (await import('./trust-run.ts')).runTrust(invocation),
}
