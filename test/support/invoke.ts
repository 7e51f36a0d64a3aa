import type { CommandSpec, Invocation, Outcome } from '../../src/commands/command.ts'
import { RecordingScreen } from './recording-screen.ts'

/** Runs a command as the command line would, without one: no terminal, no JSON unless asked for. */
export async function invoke(
  spec: CommandSpec | undefined,
  given: Partial<Invocation> & Pick<Invocation, 'cwd' | 'env'>,
): Promise<Outcome & { readonly text: string; readonly notes: string }> {
  if (spec?.run === undefined) throw new Error('there is no such command')
  const screen = new RecordingScreen(200)
  const outcome = await spec.run({
    arguments: [],
    options: {},
    signal: new AbortController().signal,
    json: false,
    yes: false,
    dryRun: false,
    interactive: false,
    screen,
    ...given,
  })
  outcome.view?.(screen)
  return { ...outcome, text: screen.answers.join('\n'), notes: screen.notes.join('\n') }
}
