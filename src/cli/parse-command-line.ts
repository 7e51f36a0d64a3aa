import type { Command, CommanderError } from 'commander'
import type { CommandSpec, OptionValue } from '../commands/command.ts'
import { globalOptions } from '../commands/global-options.ts'
import type { FlightRulesError } from '../errors.ts'
import { mainFlag, optionAttribute } from '../commands/option-flags.ts'
import { hoistOptions } from './hoist-options.ts'
import { buildProgram } from './program.ts'
import { findNamed, type SplitLine, splitRest } from './split-rest.ts'
import { missingSubcommandError, unknownCommandError, usageErrorOf } from './usage-error.ts'

export interface GlobalFlags {
  /** Each relative to the one before. */
  readonly directories: readonly string[]
  readonly json: boolean
  readonly yes: boolean
  readonly dryRun: boolean
  readonly quiet: boolean
  readonly verbose: boolean
  readonly color: boolean
}

/** `name` is the command with its parents, as in the `command` of the JSON answer: `config show`. */
export type ParsedCommandLine = { readonly name: string } & (
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'mistake'; readonly error: FlightRulesError }
  | {
      readonly kind: 'command'
      readonly spec: CommandSpec
      readonly arguments: readonly (string | readonly string[] | undefined)[]
      readonly options: Readonly<Record<string, OptionValue>>
      readonly globals: GlobalFlags
    }
)

export interface ParseOptions {
  readonly version: string
  readonly columns: number
}

/** Reads the arguments after the program's name. A mistake is returned, not thrown, so that its command is known. */
export function parseCommandLine(
  argv: readonly string[],
  table: readonly CommandSpec[],
  options: ParseOptions,
): ParsedCommandLine {
  const { argv: ours, rest } = splitRest(hoistOptions(argv, table), table)
  let result: ParsedCommandLine | undefined
  let written = ''
  const program = buildProgram(
    table,
    {
      ...options,
      write: (text) => void (written += text),
      onCommand: (spec, command) => {
        result = readCommand(spec, command, rest)
      },
      onHelp: (words) => {
        result = parseCommandLine([...words, '--help'], table, options)
      },
      onExit: (command, error) => {
        result = readExit(ours, table, options, command, error, written)
        throw error
      },
    },
    listMeant(ours, table),
  )
  try {
    program.parse(ours, { from: 'user' })
  } catch (error) {
    if (result === undefined) throw error
  }
  return result ?? { kind: 'text', name: 'help', text: program.helpInformation() }
}

/** The one command that is named, all where none is: help and mistakes are about all of them. */
function listMeant(argv: readonly string[], table: readonly CommandSpec[]): readonly CommandSpec[] {
  const named = findNamed(argv, table)
  return named === undefined ? table : [named]
}

function readExit(
  argv: readonly string[],
  table: readonly CommandSpec[],
  options: ParseOptions,
  command: Command,
  error: CommanderError,
  written: string,
): ParsedCommandLine {
  const name = pathOf(command)
  const fullName = ['flightrules', ...name].join(' ')
  const shown = name.join(' ') || 'help'
  const subcommands = command.commands.map((sub) => sub.name())
  const [word] = command.args
  const isMistyped = subcommands.length > 0 && word !== undefined && !word.startsWith('-')
  switch (error.code) {
    case 'commander.version':
      return { kind: 'text', name: 'version', text: options.version }
    case 'commander.helpDisplayed':
      // commander prints the general help for `strat --help`; without the flag it finds the mistake
      if (isMistyped)
        return parseCommandLine(
          argv.filter((flag) => flag !== '--help' && flag !== '-h'),
          table,
          options,
        )
      return { kind: 'text', name: name.length === 0 ? 'help' : `help ${name.join(' ')}`, text: written.trimEnd() }
    case 'commander.help':
      if (name.length === 0) return { kind: 'text', name: 'help', text: written.trimEnd() }
      return { kind: 'mistake', name: shown, error: missingSubcommandError(fullName, subcommands) }
    case 'commander.unknownCommand': {
      const names = command.commands.filter((sub) => sub.name() !== 'help').flatMap((sub) => [sub.name(), ...sub.aliases()])
      return { kind: 'mistake', name: name.join(' ') || 'flightrules', error: unknownCommandError(word ?? '', fullName, names) }
    }
    default:
      return { kind: 'mistake', name: name.join(' ') || 'flightrules', error: usageErrorOf(error, fullName) }
  }
}

function readCommand(spec: CommandSpec, command: Command, rest: SplitLine['rest']): ParsedCommandLine {
  const values = explicitValues(command)
  const isOn = (flag: string): boolean => values[flag] === true
  const own: Record<string, OptionValue> = {}
  for (const option of spec.options ?? []) {
    const attribute = optionAttribute(mainFlag(option))
    own[attribute] = command.getOptionValue(attribute) as OptionValue
  }
  if (rest !== undefined) own[rest.attribute] = rest.words
  return {
    kind: 'command',
    name: pathOf(command).join(' '),
    spec,
    arguments: spec.passThrough === true ? command.processedArgs.map(withoutSeparator) : command.processedArgs,
    options: own,
    globals: {
      directories: (values['C'] as string[] | undefined) ?? [],
      json: isOn('json'),
      yes: isOn('yes'),
      dryRun: isOn('dryRun'),
      quiet: isOn('quiet'),
      verbose: isOn('verbose'),
      color: values['color'] !== false,
    },
  }
}

/** The global flags given, before and after the verb; what follows the verb wins, directories add up. */
function explicitValues(command: Command): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const attributes = globalOptions.map((option) => optionAttribute(mainFlag(option)))
  for (const level of lineage(command)) {
    for (const attribute of attributes) {
      const value: unknown = level.getOptionValue(attribute)
      if (value === undefined || level.getOptionValueSource(attribute) === 'default') continue
      const before = values[attribute]
      values[attribute] = Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : value
    }
  }
  return values
}

/** commander leaves the `--` of `run <id> -- command` in the words of the other program. */
function withoutSeparator(value: string | readonly string[] | undefined): string | readonly string[] | undefined {
  return Array.isArray(value) && value[0] === '--' ? value.slice(1) : (value as string | readonly string[] | undefined)
}

function lineage(command: Command): Command[] {
  return command.parent === null ? [command] : [...lineage(command.parent), command]
}

function pathOf(command: Command): string[] {
  return lineage(command)
    .slice(1)
    .map((level) => level.name())
}
