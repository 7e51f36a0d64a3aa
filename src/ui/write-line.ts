import type { Environment } from '../git/environment.ts'
import type { Here, Others } from '../sessions/here.ts'
import { type OutputStream, TerminalScreen } from './terminal-screen.ts'
import { truncateText } from './text-width.ts'
import { renderStatusline } from './views/statusline-view.ts'

/** Columns where nobody says how many there are. */
const usualColumns = 160

/** Where one is, in one line as wide as the terminal; nothing where there is nothing to say. */
export function writeLine(
  here: Here,
  others: Others,
  { stdout, env }: { readonly stdout: OutputStream; readonly env: Environment },
): void {
  const screen = new TerminalScreen({ stdout, stderr: stdout, env, json: false, quiet: false, color: true })
  const line = renderStatusline(here, others, screen.paint)
  const columns = stdout.columns || Number(env['COLUMNS']) || usualColumns
  if (line !== '') screen.answer(truncateText(line, columns))
}
