import type { OptionSpec } from './command.ts'

/** Taken by every command, before and after the verb. */
export const globalOptions: readonly OptionSpec[] = [
  { flags: '-C <dir>', description: 'run as if started in this directory', repeatable: true },
  { flags: '--json', description: 'print one JSON document, ask nothing' },
  { flags: '-y, --yes', description: "take each question's safe default" },
  { flags: '--dry-run', description: 'print the plan, change nothing' },
  { flags: '-q, --quiet', description: 'say only the answer and what needs a look' },
  { flags: '--verbose', description: 'say more, with stacks of unexpected errors' },
  { flags: '--no-color', description: 'no colours' },
]
