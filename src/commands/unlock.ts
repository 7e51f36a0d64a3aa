import type { CommandSpec } from './command.ts'

export const unlockCommand: CommandSpec = {
  name: 'unlock',
  summary: 'show who holds the lock of this repository, and release it when its holder is gone',
  options: [
    {
      flags: '--holder-is-gone',
      description: 'what runs out of sight, on another machine or in a container, is gone for good: you have looked',
    },
  ],
  examples: ['flightrules unlock', 'flightrules unlock --holder-is-gone'],
  run: async (invocation) => (await import('./unlock-run.ts')).runUnlock(invocation),
}
