import type { CommandSpec } from './command.ts'

export const configCommand: CommandSpec = {
  name: 'config',
  summary: 'show the configuration, where it is and what it may hold',
  subcommands: [
    {
      name: 'show',
      summary: 'print every value and where it came from',
      examples: ['flightrules config show', 'flightrules config show --json'],
      run: async (invocation) => (await import('./config-show.ts')).showConfig(invocation),
    },
    {
      name: 'schema',
      summary: 'print the JSON Schema of the config',
      examples: ['flightrules config schema'],
      run: async () => (await import('./config-show.ts')).printSchema(),
    },
    {
      name: 'path',
      summary: 'print where the config is',
      examples: ['flightrules config path'],
      run: async (invocation) => (await import('./config-show.ts')).printPath(invocation),
    },
  ],
}
