import { Command, type CommanderError, InvalidArgumentError, Option } from 'commander'
import { globalOptions } from '../commands/global-options.ts'
import { markingPaint } from '../ui/paint.ts'
import type { CommandSpec, OptionSpec } from '../commands/command.ts'
import { findPositiveInteger } from './positive-integer.ts'
import { renderRootHelp } from './root-help.ts'

export interface ProgramHooks {
  /** A command was asked for, everything parsed. */
  readonly onCommand: (spec: CommandSpec, command: Command) => void
  /** `help` with the words after it. */
  readonly onHelp: (words: readonly string[]) => void
  /** Parsing ended early, at this command: help, version or a mistake. */
  readonly onExit: (command: Command, error: CommanderError) => never
  readonly write: (text: string) => void
  readonly columns: number
  readonly version: string
}

/**
 * commander's picture of the command table.
 * @param needed the commands of it that can be meant, where that is known: each takes time to describe.
 */
export function buildProgram(table: readonly CommandSpec[], hooks: ProgramHooks, needed = table): Command {
  const program = new Command('flightrules')
  program
    .configureOutput({
      writeOut: hooks.write,
      writeErr: hooks.write,
      outputError: () => {},
      getOutHelpWidth: () => hooks.columns,
      getErrHelpWidth: () => hooks.columns,
      getOutHasColors: () => true,
      getErrHasColors: () => true,
    })
    .configureHelp({
      showGlobalOptions: false,
      styleTitle: markingPaint.bold,
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),
    })
    .enablePositionalOptions()
    .version(hooks.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .exitOverride((error) => hooks.onExit(program, error))
  program.helpInformation = () => renderRootHelp(table, markingPaint.bold)
  addGlobalOptions(program)
  for (const spec of needed) addCommand(program, spec, hooks)
  const help = program.command('help', { hidden: true })
  addGlobalOptions(help)
  help
    .argument('[command...]')
    .exitOverride((error) => hooks.onExit(program, error))
    .action((words: string[]) => hooks.onHelp(words))
  return program
}

function addCommand(parent: Command, spec: CommandSpec, hooks: ProgramHooks): Command {
  const command = parent.command(spec.name).description(spec.summary)
  if (spec.aliases !== undefined) command.aliases([...spec.aliases])
  command.exitOverride((error) => hooks.onExit(command, error))
  for (const argument of spec.arguments ?? []) command.argument(argument.syntax, argument.description)
  for (const option of spec.options ?? []) command.addOption(makeOption(option))
  addGlobalOptions(command)
  command.addHelpOption(new Option('-h, --help', 'print help'))
  if (spec.passThrough === true) command.passThroughOptions()
  if (spec.subcommands === undefined) command.action(() => hooks.onCommand(spec, command))
  else command.enablePositionalOptions()
  for (const sub of spec.subcommands ?? []) addCommand(command, sub, hooks)
  if (spec.examples !== undefined && spec.examples.length > 0) {
    command.addHelpText('after', `\n${markingPaint.bold('Examples:')}\n${spec.examples.map((line) => `  ${line}`).join('\n')}`)
  }
  return command
}

function addGlobalOptions(command: Command): void {
  command.optionsGroup('Global options:')
  for (const spec of globalOptions) command.addOption(makeOption(spec))
}

function makeOption(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.description)
  if (spec.choices !== undefined) option.choices(spec.choices)
  if (spec.integer === true) option.argParser(parseInteger)
  if (spec.repeatable === true)
    option.argParser((value: string, previous: readonly string[] | undefined) => {
      if (spec.choices !== undefined && !spec.choices.includes(value)) {
        throw new InvalidArgumentError(`Allowed choices are ${spec.choices.join(', ')}.`)
      }
      return [...(previous ?? []), value]
    })
  return option
}

function parseInteger(value: string): number {
  const number = findPositiveInteger(value)
  if (number === undefined) throw new InvalidArgumentError('It must be a whole number above zero.')
  return number
}
