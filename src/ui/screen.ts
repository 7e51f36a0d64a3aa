/** Where words go. The answer on standard output, everything else on standard error. */
export interface Screen {
  /** One line (or more) of the answer. Silent under `--json`. */
  answer(text: string): void
  /** An answer another program reads, such as a path: as it is, but on a terminal what would act on it is written out. */
  data(text: string): void
  /** Narration: what is being done. Silent under `--quiet` and `--json`. */
  note(text: string): void
  /** Something to look at, also under `--quiet`. */
  warn(text: string): void
  /** Raw output of a project's own command, to standard error. Silent under `--quiet`: the log has it. */
  stream(chunk: string): void
  /** A line on the terminal that the next one replaces and '' takes away; absent or silent where there is no terminal. */
  status?(text: string): void
  /** Control sequences and text straight to a terminal's standard output; only where `isTerminal`. */
  raw(text: string): void
  /** Standard output is a terminal, and the answer is for people. */
  readonly isTerminal: boolean
  /** Width of the terminal in columns, 80 where there is none. */
  readonly columns: number
  readonly paint: Paint
}

/** Colour, or the text as it is where colour is off. */
export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  green(text: string): string
  yellow(text: string): string
  cyan(text: string): string
}
