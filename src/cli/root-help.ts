import type { CommandSpec } from '../commands/command.ts'
import { globalOptions } from '../commands/global-options.ts'
import { compareCommands, groupOf } from './command-groups.ts'

const examples: readonly (readonly [string, string])[] = [
  ['flightrules init', 'set this repository up'],
  ['flightrules start --goal "Refactor the login"', 'begin a session'],
  ['flightrules status', 'who works on what'],
  ['flightrules end', 'integrate it and clean up'],
]

/** What `flightrules` alone prints: the commands first, then the flags all of them take. */
export function renderRootHelp(table: readonly CommandSpec[], title: (text: string) => string): string {
  const commands = table.toSorted((a, b) => compareCommands(a.name, b.name))
  const groups = [...new Set(commands.map(({ name }) => groupOf(name)))]
  const names = (command: CommandSpec): string => [command.name, ...(command.aliases ?? [])].join(', ')
  const flags = [
    ...globalOptions.map(({ flags: term, description }) => [term, description] as const),
    ['-h, --help', 'print help'] as const,
    ['-V, --version', 'print the version'] as const,
  ]
  const width = Math.max(...commands.map((command) => names(command).length), ...flags.map(([term]) => term.length))
  const list = (rows: readonly (readonly [string, string])[], column: number): string[] =>
    rows.map(([term, description]) => `  ${term.padEnd(column)}  ${description}`)
  const sections = groups.map((group) =>
    [
      title(group),
      ...list(
        commands.filter(({ name }) => groupOf(name) === group).map((command) => [names(command), command.summary]),
        width,
      ),
    ].join('\n'),
  )
  return [
    'Many agents and people on one repository: each piece of work is a session with its own worktree.',
    `${title('Usage:')} flightrules <command> [options]    (fr for short)`,
    ...sections,
    [title('Every command takes'), ...list(flags, width)].join('\n'),
    [title('Examples'), ...list(examples, Math.max(...examples.map(([line]) => line.length)))].join('\n'),
    'flightrules help <command> tells more about one of them.',
  ].join('\n\n')
}
