import { setMaxListeners } from 'node:events'
import { FlightRulesError, exitStatus } from '../errors.ts'

const kinds = { SIGINT: 'interrupted', SIGTERM: 'terminated', SIGHUP: 'terminated' } as const
type HandledSignal = keyof typeof kinds

const patience = 700

/** Turns signals into an AbortSignal; the second one ends the process at once. */
export class Interruption {
  readonly #controller = new AbortController()

  readonly #handlers = new Map<HandledSignal, () => void>()
  #kind: (typeof kinds)[HandledSignal] | undefined
  #reminder: NodeJS.Timeout | undefined

  constructor() {
    // every git process under way listens, and there may be dozens
    setMaxListeners(0, this.#controller.signal)
  }

  /** `remind` is called when the work does not stop soon after the first signal. */
  listen(process: NodeJS.Process, remind: () => void): void {
    for (const name of Object.keys(kinds) as HandledSignal[]) {
      const handler = (): void => {
        if (this.#kind !== undefined) process.exit(exitStatus[kinds[name]])
        this.#kind = kinds[name]
        this.#reminder = setTimeout(remind, patience).unref()
        this.#controller.abort(this.toError())
      }
      this.#handlers.set(name, handler)
      process.on(name, handler)
    }
  }

  stop(process: NodeJS.Process): void {
    clearTimeout(this.#reminder)
    for (const [name, handler] of this.#handlers) process.off(name, handler)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Whether a signal came. */
  get happened(): boolean {
    return this.#kind !== undefined
  }

  /** What a command that was stopped ends with, whatever it threw. */
  toError(cause?: unknown): FlightRulesError {
    const kind = this.#kind ?? 'interrupted'
    return new FlightRulesError({
      kind,
      code: kind.toUpperCase(),
      message: `${kind === 'interrupted' ? 'stopped by you' : 'stopped from outside'} before it was done`,
      hint: 'the next flightrules command finishes or takes back what was under way',
      cause,
    })
  }
}
