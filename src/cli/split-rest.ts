import { globalOptions } from '../commands/global-options.ts'
import type { CommandSpec } from '../commands/command.ts'
import { allFlags, mainFlag, optionAttribute, takesValue } from '../commands/option-flags.ts'

export interface SplitLine {
  /** What is ours to read. */
  readonly argv: readonly string[]
  /** The option that takes the rest of the line, and the rest. */
  readonly rest: { readonly attribute: string; readonly words: readonly string[] } | undefined
}

/** Takes the words of another program off the end of the line, so that its flags are not read as ours. */
export function splitRest(argv: readonly string[], table: readonly CommandSpec[]): SplitLine {
  const whole: SplitLine = { argv, rest: undefined }
  const at = findVerb(argv)
  const option = findNamed(argv, table)?.options?.find((candidate) => candidate.rest === true)
  if (option === undefined) return whole
  const flag = mainFlag(option)
  const index = argv.findIndex((word, position) => position > at && (word === flag || word === '--'))
  if (argv[index] !== flag) return whole
  const words = argv.slice(index + (argv[index + 1] === '--' ? 2 : 1))
  if (words.length === 0) return whole
  return { argv: argv.slice(0, index), rest: { attribute: optionAttribute(flag), words } }
}

/** The command whose name is on the line, before what belongs to another program. */
export function findNamed(argv: readonly string[], table: readonly CommandSpec[]): CommandSpec | undefined {
  const word = argv[findVerb(argv)]
  return word === undefined ? undefined : table.find(({ name, aliases }) => name === word || aliases?.includes(word))
}

/** Where the command's name is, -1 where there is none. */
export function findVerb(argv: readonly string[]): number {
  const withValue = globalOptions.filter(takesValue).flatMap(allFlags)
  // `-qC dir`: the last of flags in one word takes the value
  const takes = (word = ''): boolean => withValue.includes(/^-[a-z]+$/i.test(word) ? `-${word.slice(-1)}` : word)
  return argv.findIndex((word, index) => !word.startsWith('-') && !takes(argv[index - 1]))
}
