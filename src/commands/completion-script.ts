import type { CommandSpec, OptionSpec } from './command.ts'
import { globalOptions } from './global-options.ts'
import { allFlags, takesValue } from './option-flags.ts'
import type { Shell } from './require-shell.ts'

interface Entry {
  readonly word: string
  readonly description: string
}

/** One place of the command line: the verbs typed so far and what can come next. */
interface Place {
  readonly verbs: readonly string[]
  readonly words: readonly Entry[]
  readonly options: readonly OptionSpec[]
}

/** A completion script made from the command table. */
export function renderCompletion(shell: Shell, table: readonly CommandSpec[]): string {
  const places = collectPlaces([], table, [])
  if (shell === 'bash') return renderBash(places)
  return shell === 'zsh' ? renderZsh(places) : renderFish(places)
}

function collectPlaces(verbs: readonly string[], commands: readonly CommandSpec[], options: readonly OptionSpec[]): Place[] {
  const words = commands.map(({ name, summary }) => ({ word: name, description: summary }))
  return [
    { verbs, words, options },
    ...commands.flatMap((command) => collectPlaces([...verbs, command.name], command.subcommands ?? [], command.options ?? [])),
  ]
}

function flagEntries(place: Place): Entry[] {
  return [...place.options, ...globalOptions, { flags: '--help', description: 'print help' }].flatMap((option) =>
    allFlags(option).map((word) => ({ word, description: option.description })),
  )
}

/** Options with a value, as the places `<verbs> <flag>` where the value comes next. */
function valuePlaces(place: Place): { flag: string; values: readonly string[] }[] {
  return place.options
    .filter(takesValue)
    .flatMap((option) => allFlags(option).map((flag) => ({ flag, values: option.choices ?? option.offered ?? [] })))
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}

/** The function body bash and zsh share: finds the verbs before the cursor. */
function verbCases(places: readonly Place[]): string[] {
  return places
    .filter(({ verbs }) => verbs.length > 0)
    .map(
      ({ verbs }) => `      ${quote([verbs.slice(0, -1).join(' '), verbs.at(-1)].join('|'))}) verbs=${quote(verbs.join(' '))} ;;`,
    )
}

function renderBash(places: readonly Place[]): string {
  const values = places.flatMap((place) =>
    valuePlaces(place).map(
      ({ flag, values: words }) =>
        `    ${quote(`${place.verbs.join(' ')}|${flag}`)}) COMPREPLY=($(compgen -W ${quote(words.join(' '))} -- "$cur")); return ;;`,
    ),
  )
  const candidates = places.map(
    (place) =>
      `    ${quote(place.verbs.join(' '))}) words=${quote([...place.words, ...flagEntries(place)].map(({ word }) => word).join(' '))} ;;`,
  )
  return `_flightrules() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" verbs='' words='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$verbs|\${COMP_WORDS[i]}" in
${verbCases(places).join('\n')}
    esac
  done
  case "$verbs|$prev" in
    *'|-C') COMPREPLY=($(compgen -d -- "$cur")); return ;;
${values.join('\n')}
  esac
  case "$verbs" in
${candidates.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _flightrules flightrules fr`
}

function renderZsh(places: readonly Place[]): string {
  const describe = (entries: readonly Entry[]): string =>
    entries.map(({ word, description }) => quote(`${word.replaceAll(':', '\\:')}:${description}`)).join(' ')
  const values = places.flatMap((place) =>
    valuePlaces(place).map(({ flag, values: words }) => {
      const action = words.length === 0 ? '_files' : `compadd -- ${words.map(quote).join(' ')}`
      return `    ${quote(`${place.verbs.join(' ')}|${flag}`)}) ${action}; return ;;`
    }),
  )
  const candidates = places.map(
    (place) =>
      `    ${quote(place.verbs.join(' '))}) verbs=(${describe(place.words)}); flags=(${describe(flagEntries(place))}) ;;`,
  )
  return `#compdef flightrules fr
_flightrules() {
  local place='' i
  local -a verbs flags
  for ((i = 2; i < CURRENT; i++)); do
    case "$place|\${words[i]}" in
${verbCases(places)
  .map((line) => line.replace(' verbs=', ' place='))
  .join('\n')}
    esac
  done
  case "$place|\${words[CURRENT-1]}" in
    *'|-C') _files -/; return ;;
${values.join('\n')}
  esac
  case "$place" in
${candidates.join('\n')}
  esac
  if [[ "$PREFIX" == -* ]]; then
    _describe -o option flags
  else
    (( \${#verbs} )) && _describe command verbs || _files
  fi
}
compdef _flightrules flightrules fr`
}

function renderFish(places: readonly Place[]): string {
  const text = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = places.flatMap((place) => {
    const nested = place.words.map(({ word }) => word).join(' ')
    const seen = place.verbs.map((verb) => `__fish_seen_subcommand_from ${verb}`)
    const notYet = place.words.length === 0 ? [] : [`not __fish_seen_subcommand_from ${nested}`]
    const condition = text([...seen, ...notYet].join('; and '))
    const words = place.words.map(({ word, description }) => `-n ${condition} -f -a ${word} -d ${text(description)}`)
    const options = place.options.map(
      (option) => `-n ${text(seen.join('; and '))} ${fishFlags(option)} -d ${text(option.description)}`,
    )
    return [...words, ...options]
  })
  const globals = globalOptions.map((option) => `${fishFlags(option)} -d ${text(option.description)}`)
  return [...globals, ...lines].map((line) => `complete -c flightrules ${line}`).join('\n') + '\ncomplete -c fr -w flightrules'
}

function fishFlags(option: OptionSpec): string {
  const flags = allFlags(option).map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
  if (!takesValue(option)) return flags.join(' ')
  const values = option.choices ?? option.offered
  if (values !== undefined) return `${flags.join(' ')} -x -a '${values.join(' ')}'`
  return `${flags.join(' ')} -r`
}
