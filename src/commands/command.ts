import type { Finding, FlightRulesError } from '../errors.ts'
import type { Environment } from '../git/environment.ts'
import type { Screen } from '../ui/screen.ts'

/** One flag of a command, as data: help, parsing, completion and the reference are made from it. */
export interface OptionSpec {
  /** In commander's form: `--goal <text>`, `--no-setup`, `--json`. */
  readonly flags: string
  readonly description: string
  /** The only values allowed. */
  readonly choices?: readonly string[]
  /** What completion offers where the command itself looks at the value. */
  readonly offered?: readonly string[]
  /** May be given more than once; the value is then a list. */
  readonly repeatable?: boolean
  /** The value must be a whole number above zero. */
  readonly integer?: boolean
  /** Takes the rest of the line, flags and all: it is another program's. */
  readonly rest?: boolean
}

export interface ArgumentSpec {
  /** `[name]`, `<id>`, `[command...]`. */
  readonly syntax: string
  readonly description: string
}

export type OptionValue = string | boolean | number | readonly string[] | undefined

/** What a command gets: everything from outside, parsed once, nothing read from the process. */
export interface Invocation {
  readonly arguments: readonly (string | readonly string[] | undefined)[]
  /** By camel-cased flag name; `--no-setup` is `setup: false`. */
  readonly options: Readonly<Record<string, OptionValue>>
  /** Absolute directory the command runs in (after `-C`). */
  readonly cwd: string
  readonly env: Environment
  readonly signal: AbortSignal
  readonly json: boolean
  /** Take each question's safe default. */
  readonly yes: boolean
  /** Print the plan, change nothing. */
  readonly dryRun: boolean
  /** Questions may be asked: a terminal, no `--json`, no `CI`. */
  readonly interactive: boolean
  /** Some of the options are answers to questions, which go before flags that do not fit them. */
  readonly answered?: boolean
  readonly screen: Screen
  /** At most so many bytes of standard input, to its end; undefined where that is a terminal. */
  readonly input?: ((limit: number) => Promise<Buffer>) | undefined
  /** The JSON object an agent writes to standard input, {} for anything else; not waited for longer than so many milliseconds. */
  readonly object?: (patience: number) => Promise<Readonly<Record<string, unknown>>>
}

/** How a command ended. Failing is throwing a FlightRulesError; this is the rest. */
export interface Outcome {
  /** The `data` of the JSON answer. */
  readonly data: unknown
  readonly findings?: readonly Finding[]
  /** The status of somebody else's program that was the answer. Default 0. */
  readonly exitStatus?: number
  /** What failed although there is an answer, as the setup of a session that is there all the same; gives the exit status. */
  readonly failure?: FlightRulesError
  /** Writes the answer for people. */
  readonly view?: (screen: Screen) => void
}

export interface CommandSpec {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly summary: string
  readonly arguments?: readonly ArgumentSpec[]
  readonly options?: readonly OptionSpec[]
  /** Shown under the help, each a line to type. */
  readonly examples?: readonly string[]
  /** Everything after the first argument belongs to another program. */
  readonly passThrough?: boolean
  /** Commands under this one; such a command does not run itself. */
  readonly subcommands?: readonly CommandSpec[]
  run?(invocation: Invocation): Promise<Outcome>
}
