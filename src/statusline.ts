import { findStatusDirectory, statusPatience } from './agents/status-input.ts'
import { readObject } from './cli/read-object.ts'
import { readHere } from './sessions/here.ts'
import { TerminalScreen } from './ui/terminal-screen.ts'
import { truncateText } from './ui/text-width.ts'
import { renderStatusline } from './ui/views/statusline-view.ts'

/** Milliseconds git gets, on a disk that sleeps or far away: after that a prompt says `?`. */
const patience = 10_000

/** Columns where nobody says how many there are. */
const usualColumns = 160

/**
 * `flightrules statusline` as prompts and agents start it, many times a minute: without the command line's own code. Nothing that goes wrong
 * is shown in a prompt.
 */
export async function printStatusline(): Promise<void> {
  const { stdout, stderr, stdin, env } = process
  stdout.on('error', () => process.exit(0))
  try {
    const cwd = findStatusDirectory(await readObject(stdin, statusPatience)) ?? process.cwd()
    const screen = new TerminalScreen({ stdout, stderr, env, json: false, quiet: false, color: true })
    const line = renderStatusline(await readHere(cwd, env, AbortSignal.timeout(patience)), screen.paint)
    const columns = stdout.columns || Number(env['COLUMNS']) || usualColumns
    if (line !== '') screen.answer(truncateText(line, columns))
  } catch (error) {
    if (env['FLIGHTRULES_DEBUG'] === '1') stderr.write(`flightrules: ${(error as Error).stack ?? String(error)}\n`)
  }
  // a pipe that nobody closes would keep the process
  stdin.destroy()
}
