import type { Environment } from '../git/environment.ts'
import { escapeParagraph, escapePainted } from './escape-text.ts'
import { markingPaint, removePaint, showPaint } from './paint.ts'
import type { Screen } from './screen.ts'
import { truncateText } from './text-width.ts'

/** What of a standard stream the screen needs. */
export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

export interface TerminalScreenOptions {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Environment
  readonly json: boolean
  readonly quiet: boolean
  /** false: `--no-color` was given. */
  readonly color: boolean
}

const eraseLine = '\r\u001b[2K'

/** The screen of a real process: answer on standard output, everything else on standard error. */
export class TerminalScreen implements Screen {
  readonly columns: number
  readonly paint = markingPaint
  readonly isTerminal: boolean
  readonly #options: TerminalScreenOptions
  readonly #coloured: { readonly stdout: boolean; readonly stderr: boolean }
  #status = ''

  constructor(options: TerminalScreenOptions) {
    this.#options = options
    this.isTerminal = options.stdout.isTTY === true && !options.json
    this.#coloured = { stdout: isColoured(options, options.stdout), stderr: isColoured(options, options.stderr) }
    // a terminal nobody told its size says 0
    this.columns = options.stdout.columns || options.stderr.columns || columnsFromEnvironment(options.env) || 80
  }

  answer(text: string): void {
    if (this.#options.json) return
    this.#write('stdout', this.#show('stdout', `${escapePainted(text)}\n`))
  }

  data(text: string): void {
    if (this.#options.json) return
    this.#write('stdout', `${this.isTerminal ? escapeParagraph(text) : text}\n`)
  }

  raw(text: string): void {
    if (this.isTerminal) this.#write('stdout', this.#show('stdout', text))
  }

  note(text: string): void {
    if (this.#options.quiet || this.#options.json) return
    this.#write('stderr', this.#show('stderr', `${escapePainted(text)}\n`))
  }

  warn(text: string): void {
    this.#write('stderr', this.#show('stderr', `${escapePainted(text)}\n`))
  }

  stream(chunk: string): void {
    if (this.#options.quiet) return
    this.#write('stderr', chunk)
  }

  /** A line on the terminal that the next one replaces and '' takes away. Nothing where there is no terminal. */
  status(text: string): void {
    const { stderr, quiet, json } = this.#options
    if (quiet || json || stderr.isTTY !== true || text === this.#status) return
    this.#status = text
    stderr.write(eraseLine + this.#show('stderr', truncateText(escapePainted(text), (stderr.columns || 80) - 1)))
  }

  #write(stream: 'stdout' | 'stderr', text: string): void {
    if (this.#status !== '') {
      this.#options.stderr.write(eraseLine)
      this.#status = ''
    }
    this.#options[stream].write(text)
  }

  #show(stream: 'stdout' | 'stderr', text: string): string {
    return this.#coloured[stream] ? showPaint(text) : removePaint(text)
  }
}

function isColoured({ color, env, json }: TerminalScreenOptions, stream: OutputStream): boolean {
  if (!color || json) return false
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  const forced = env['FORCE_COLOR']
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false'
  return stream.isTTY === true && env['TERM'] !== 'dumb'
}

function columnsFromEnvironment(env: Environment): number | undefined {
  const columns = Number(env['COLUMNS'])
  return Number.isInteger(columns) && columns > 0 ? columns : undefined
}
