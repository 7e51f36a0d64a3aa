import type { EventEmitter } from 'node:events'
import { FlightRulesError } from '../errors.ts'
import { escapeText } from './escape-text.ts'

export interface PromptChoice<T> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

/**
 * Lets a person pick one; undefined when they cancel. On standard error: standard output is for answers.
 * @throws FlightRulesError INTERRUPTED on Ctrl-C, as all of these.
 */
export async function askChoice<T extends string | number>(
  question: string,
  choices: readonly PromptChoice<T>[],
  signal?: AbortSignal,
): Promise<T | undefined> {
  const { isCancel, select } = await import('@clack/prompts')
  // clack's option type is conditional on T; a plain index keeps it simple
  const options = choices.map(({ label, hint }, value) =>
    hint === undefined ? { value, label: escapeText(label) } : { value, label: escapeText(label), hint: escapeText(hint) },
  )
  const picked = await heedInterrupt(process.stdin, () =>
    select<number>({
      message: escapeText(question),
      options,
      output: process.stderr,
      ...(signal === undefined ? {} : { signal }),
    }),
  )
  return isCancel(picked) ? undefined : choices[picked]?.value
}

/** Asks for a line of text; undefined when the person cancels. */
export async function askText(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts')
  const typed = await heedInterrupt(process.stdin, () =>
    text({
      message: escapeText(question),
      output: process.stderr,
      validate: (value) =>
        value === undefined || value.trim() === '' ? 'please type something, or press Escape to stop' : undefined,
      ...(signal === undefined ? {} : { signal }),
    }),
  )
  return isCancel(typed) ? undefined : typed
}

/** Asks yes or no, no being the default; false when the person cancels. */
export async function askConfirmation(question: string, signal?: AbortSignal): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await heedInterrupt(process.stdin, () =>
    confirm({
      message: escapeText(question),
      initialValue: false,
      output: process.stderr,
      ...(signal === undefined ? {} : { signal }),
    }),
  )
  return !isCancel(answer) && answer
}

/**
 * Tells Ctrl-C from Escape, which is an answer: a terminal in raw mode sends no signal, and the prompt takes both for the same.
 * @throws FlightRulesError INTERRUPTED.
 */
export async function heedInterrupt<T>(input: EventEmitter, ask: () => Promise<T>): Promise<T> {
  let interrupted = false
  const onKey = (_text: unknown, key: { readonly ctrl?: boolean; readonly name?: string } | undefined): void => {
    if (key?.ctrl === true && key.name === 'c') interrupted = true
  }
  input.on('keypress', onKey)
  try {
    const answer = await ask()
    if (!interrupted) return answer
  } finally {
    input.off('keypress', onKey)
  }
  throw new FlightRulesError({
    kind: 'interrupted',
    code: 'INTERRUPTED',
    message: 'stopped by you at a question',
    hint: 'nothing was done; the same command asks again',
  })
}
