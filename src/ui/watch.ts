import { setTimeout as sleep } from 'node:timers/promises'
import { escapePainted } from './escape-text.ts'
import type { Screen } from './screen.ts'

const home = '\u001b[H'
const eraseBelow = '\u001b[J'
const eraseToLineEnd = '\u001b[K'

/** Shows what `render` gives, again and again in the same place, until the signal. Without a terminal: one after the other. */
export async function watch(screen: Screen, signal: AbortSignal, seconds: number, render: () => Promise<string>): Promise<void> {
  const isTerminal = screen.isTerminal
  if (isTerminal) screen.raw('\u001b[2J')
  while (!signal.aborted) {
    const text = escapePainted(await render())
    if (isTerminal) screen.raw(`${home}${text.split('\n').join(`${eraseToLineEnd}\n`)}${eraseToLineEnd}\n${eraseBelow}`)
    else screen.answer(`${text}\n`)
    await sleep(seconds * 1000, undefined, { signal }).catch(() => {})
  }
  // the terminal shows ^C where the cursor is; the prompt comes below
  if (isTerminal) screen.raw('\n')
}
