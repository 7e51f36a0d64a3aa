import type { CommandSpec } from './command.ts'

export const trustCommand: CommandSpec = {
  name: 'trust',
  summary: "approve the config, or a commit of somebody else's work, so that it may run",
  options: [
    {
      flags: '--show',
      description: 'print the digest, everything that would be loaded and run, and what is different; approve nothing',
    },
    { flags: '--digest <hex>', description: 'approve exactly this digest, without a question; with --session: this commit' },
    { flags: '--session <id>', description: "somebody else's work checked out by `start --pr`, not the config" },
    { flags: '--revoke', description: 'take back every approval in this copy of the repository' },
  ],
  examples: [
    'flightrules trust',
    'flightrules trust --show',
    'flightrules trust --digest <hex>',
    'flightrules trust --session pr-17',
  ],
  run: async (invocation) => (await import('./trust-run.ts')).runTrust(invocation),
}
