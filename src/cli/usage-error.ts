import type { CommanderError } from 'commander'
import { findNearest } from '../config/nearest.ts'
import { FlightRulesError } from '../errors.ts'

const codes: Readonly<Record<string, string>> = {
  'commander.unknownOption': 'UNKNOWN_OPTION',
  'commander.excessArguments': 'TOO_MANY_ARGUMENTS',
  'commander.missingArgument': 'MISSING_ARGUMENT',
  'commander.optionMissingArgument': 'MISSING_VALUE',
  'commander.invalidArgument': 'INVALID_VALUE',
}

/** What was mistyped, in our words; `commandName` is where (`flightrules config`). */
export function usageErrorOf(error: CommanderError, commandName: string): FlightRulesError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const suggestion = /\(Did you mean (?:one of )?(.*?)\?\)/.exec(rest.join(' '))?.[1]
  const help = `${commandName} --help`
  return new FlightRulesError({
    kind: 'usage',
    code: codes[error.code] ?? 'USAGE',
    message: first,
    hint: suggestion === undefined ? `see ${help}` : `did you mean ${suggestion}? See ${help}`,
    details: suggestion === undefined ? {} : { suggestions: suggestion.split(', ') },
  })
}

/** A command nobody knows; `names` are those there are. */
export function unknownCommandError(word: string, commandName: string, names: readonly string[]): FlightRulesError {
  const suggestions = findMeant(word, names)
  const help = `${commandName} --help`
  return new FlightRulesError({
    kind: 'usage',
    code: 'UNKNOWN_COMMAND',
    message: `unknown command '${word}'`,
    hint: suggestions.length === 0 ? `see ${help}` : `did you mean ${suggestions.join(' or ')}? See ${help}`,
    details: suggestions.length === 0 ? {} : { suggestions },
  })
}

/** Those that begin with what was typed, else the nearest. */
function findMeant(word: string, names: readonly string[]): string[] {
  const longer = word.length < 2 ? [] : names.filter((name) => name.startsWith(word.toLowerCase()))
  if (longer.length > 0) return longer.slice(0, 3)
  const nearest = findNearest(word, names, 2)
  return nearest === undefined ? [] : [nearest]
}

/** A command that only holds others was given without one of them. */
export function missingSubcommandError(commandName: string, subcommands: readonly string[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'MISSING_SUBCOMMAND',
    message: `${commandName} needs one of: ${subcommands.join(', ')}`,
    hint: `see ${commandName} --help`,
    details: { subcommands },
  })
}
