import type { CommandSpec, OptionSpec } from '../commands/command.ts'
import { globalOptions } from '../commands/global-options.ts'
import { allFlags, takesValue } from '../commands/option-flags.ts'
import { findNamed, findVerb } from './split-rest.ts'

/**
 * Puts the flags between the first argument of a pass-through command and the other program's words (`run auth --json -- ls`)
 * before that argument, where they are read as ours. Everything from `--` or the first word without a dash on is the other program's.
 */
export function hoistOptions(argv: readonly string[], table: readonly CommandSpec[]): readonly string[] {
  const verb = findVerb(argv)
  const spec = findNamed(argv, table)
  if (spec?.passThrough !== true) return argv
  const options = [...globalOptions, ...(spec.options ?? [])]
  const argument = skipFlags(argv, verb + 1, options)
  if (argument >= argv.length || argv[argument] === '--') return argv
  const rest = skipFlags(argv, argument + 1, options)
  return [...argv.slice(0, argument), ...argv.slice(argument + 1, rest), argv[argument] ?? '', ...argv.slice(rest)]
}

/** Where the flags that begin at `from`, and their values, end. */
function skipFlags(argv: readonly string[], from: number, options: readonly OptionSpec[]): number {
  let index = from
  for (
    let word = argv[index];
    word !== undefined && word !== '--' && word.length > 1 && word.startsWith('-');
    word = argv[index]
  ) {
    const flag = word
    index += options.some((option) => takesValue(option) && allFlags(option).includes(flag)) ? 2 : 1
  }
  return index
}
