import type { CommandSpec } from './command.ts'
import { requireShell, shells } from './require-shell.ts'

export const shellInitCommand: CommandSpec = {
  name: 'shell-init',
  summary: 'print a shell function that makes `switch` change directory',
  arguments: [{ syntax: '<shell>', description: shells.join(', ') }],
  examples: ['eval "$(flightrules shell-init bash)"    in ~/.bashrc', 'flightrules shell-init fish | source    in config.fish'],
  async run({ arguments: [shell] }) {
    const { renderShellInit } = await import('./shell-init-script.ts')
    const script = renderShellInit(requireShell(shell))
    return { data: { shell, script }, view: (screen) => screen.data(script) }
  },
}
