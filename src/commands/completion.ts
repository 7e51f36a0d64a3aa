import type { CommandSpec } from './command.ts'
import { requireShell, shells } from './require-shell.ts'

/** `table` is asked for when the command runs: the table holds this command too. */
export function completionCommand(table: () => readonly CommandSpec[]): CommandSpec {
  return {
    name: 'completion',
    summary: 'print a completion script for a shell',
    arguments: [{ syntax: '<shell>', description: shells.join(', ') }],
    examples: [
      'source <(flightrules completion bash)',
      'flightrules completion fish > ~/.config/fish/completions/flightrules.fish',
    ],
    async run({ arguments: [name] }) {
      const shell = requireShell(name)
      const { renderCompletion } = await import('./completion-script.ts')
      const script = renderCompletion(shell, table())
      return { data: { shell, script }, view: (screen) => screen.data(script) }
    },
  }
}
