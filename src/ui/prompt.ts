import { escapeText } from './escape-text.ts'

export interface PromptChoice<T> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

/** Lets a person pick one; undefined when they cancel. On standard error: standard output is for answers. */
export async function askChoice<T extends string | number>(
  question: string,
  choices: readonly PromptChoice<T>[],
  signal?: AbortSignal,
): Promise<T | undefined> {
  const { isCancel, select } = await import('@clack/prompts')
  // clack's option type is conditional on T; a plain index keeps it simple
  const picked = await select<number>({
    message: escapeText(question),
    options: choices.map(({ label, hint }, value) =>
      hint === undefined ? { value, label: escapeText(label) } : { value, label: escapeText(label), hint: escapeText(hint) },
    ),
    output: process.stderr,
    ...(signal === undefined ? {} : { signal }),
  })
  return isCancel(picked) ? undefined : choices[picked]?.value
}

/** Asks for a line of text; undefined when the person cancels. */
export async function askText(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const { isCancel, text } = await import('@clack/prompts')
  const typed = await text({
    message: escapeText(question),
    output: process.stderr,
    validate: (value) =>
      value === undefined || value.trim() === '' ? 'please type something, or press Escape to stop' : undefined,
    ...(signal === undefined ? {} : { signal }),
  })
  return isCancel(typed) ? undefined : typed
}

/** Asks yes or no, no being the default; false when the person cancels. */
export async function askConfirmation(question: string, signal?: AbortSignal): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts')
  const answer = await confirm({
    message: escapeText(question),
    initialValue: false,
    output: process.stderr,
    ...(signal === undefined ? {} : { signal }),
  })
  return !isCancel(answer) && answer
}
