import type { CommandSpec, Invocation, OptionValue } from '../commands/command.ts'
import type { Choice, FlightRulesError } from '../errors.ts'
import { findPositiveInteger } from './positive-integer.ts'
import { allFlags, mainFlag, optionAttribute, takesValue } from '../commands/option-flags.ts'

/** How a person is asked; both give undefined when they stop. */
export interface Asker {
  choice(question: string, choices: readonly { value: number; label: string; hint?: string }[]): Promise<number | undefined>
  text(question: string): Promise<string | undefined>
}

/** Lets a person take one of the ways out of a refusal. What to run again with, undefined when they stop. */
export async function decide(
  error: FlightRulesError,
  spec: CommandSpec,
  invocation: Pick<Invocation, 'options' | 'arguments'>,
  asker: Asker,
): Promise<Pick<Invocation, 'options' | 'arguments'> | undefined> {
  const offered = error.choices.filter((choice) => findSettings(choice, spec) !== undefined)
  if (offered.length === 0) return undefined
  const stop = offered.length
  const ways = offered.map((choice, value) => ({ value, label: choice.label, hint: choice.flag }))
  const stopping = { value: stop, label: 'Stop here', hint: 'nothing was touched' }
  // the first is what a bare Enter takes
  const picked = await asker.choice(error.message, offered[0]?.risky === true ? [stopping, ...ways] : [...ways, stopping])
  const choice = picked === undefined ? undefined : offered[picked]
  if (choice === undefined) return undefined
  let options = invocation.options
  const words = [...invocation.arguments]
  for (const setting of findSettings(choice, spec) ?? []) {
    let value = setting.value
    if (value === undefined) {
      const typed = await asker.text(`${choice.label}: ${setting.placeholder}`)
      if (typed === undefined) return undefined
      value = setting.integer ? (findPositiveInteger(typed) ?? typed) : typed
    }
    if (setting.argument !== undefined) {
      words[setting.argument] = String(value)
      continue
    }
    const before = options[setting.attribute]
    const isList = setting.repeatable && typeof value === 'string'
    options = { ...options, [setting.attribute]: isList ? [...(Array.isArray(before) ? before : []), String(value)] : value }
  }
  return { options, arguments: words }
}

interface Setting {
  /** Place of the argument it sets; undefined: it sets an option. */
  readonly argument?: number
  readonly attribute: string
  /** undefined: the person types it. */
  readonly value: OptionValue
  readonly placeholder: string
  readonly repeatable: boolean
  readonly integer: boolean
}

/** What a choice sets, e.g. `--stash`, `--commit <message>`, `--strategy keep` or the argument `<name>`; undefined when it is not this command's. */
export function findSettings(choice: Choice, spec: CommandSpec): Setting[] | undefined {
  const argument = (spec.arguments ?? []).findIndex(({ syntax }) => choice.flag === `<${syntax.slice(1, -1)}>`)
  if (argument !== -1)
    return [
      { argument, attribute: '', value: undefined, placeholder: choice.flag.slice(1, -1), repeatable: false, integer: false },
    ]
  const words = choice.flag.match(/<[^>]*>|\S+/g) ?? []
  const settings: Setting[] = []
  for (let index = 0; index < words.length; index += 1) {
    const flag = words[index] ?? ''
    const option = spec.options?.find((candidate) => allFlags(candidate).includes(flag))
    if (option === undefined) return undefined
    const common = {
      attribute: optionAttribute(mainFlag(option)),
      repeatable: option.repeatable === true,
      integer: option.integer === true,
    }
    if (!takesValue(option)) {
      settings.push({ ...common, value: !flag.startsWith('--no-'), placeholder: '' })
      continue
    }
    const next = words[index + 1]
    if (next === undefined || next.startsWith('-')) {
      settings.push({ ...common, value: true, placeholder: '' })
      continue
    }
    index += 1
    const isPlaceholder = next.startsWith('<')
    const value = option.integer === true ? (findPositiveInteger(next) ?? next) : next
    settings.push({ ...common, value: isPlaceholder ? undefined : value, placeholder: isPlaceholder ? next.slice(1, -1) : '' })
  }
  return settings.length === 0 ? undefined : settings
}
