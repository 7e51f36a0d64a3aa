/** A slash command of ours, before it is put into the form one agent wants. */
export interface CommandTemplate {
  /** As it is typed, without the slash. */
  readonly name: string
  /** One line, for the agent's list of commands. */
  readonly description: string
  /** What may be typed after it, for agents that show that. */
  readonly argumentHint: string
  /** `changes`: agents are told to run it only where a person asked for it. */
  readonly effect: 'reads' | 'changes'
  /** What it runs that reads only: agents that ask before each program need not for these. */
  readonly reads: readonly string[]
  /** Markdown; `{arguments}` stands for what was typed after it. */
  readonly body: string
}
