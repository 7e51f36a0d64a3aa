import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession, requireWorktree } from './session-argument.ts'

export const pathCommand: CommandSpec = {
  name: 'path',
  summary: "print the path of a session's worktree",
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  examples: ['cd "$(flightrules path auth)"'],
  run: printPath,
}

export const switchCommand: CommandSpec = {
  name: 'switch',
  summary: 'go to a session; without shell integration, print its path',
  arguments: [{ syntax: '<id>', description: 'the session' }],
  examples: ['eval "$(flightrules shell-init bash)"    once, in ~/.bashrc', 'flightrules switch auth'],
  async run(invocation) {
    const outcome = await printPath(invocation)
    return {
      ...outcome,
      view(screen) {
        outcome.view?.(screen)
        screen.note(
          'a program cannot change the directory of the shell it runs in: eval "$(flightrules shell-init bash)" makes switch do it',
        )
      },
    }
  },
}

async function printPath(invocation: Invocation): Promise<Outcome> {
  const { entry, findings } = await openSession(invocation, 'read')
  await requireWorktree(entry)
  const { path } = entry.worktree
  return { data: { path }, findings, view: (screen) => screen.data(path) }
}
