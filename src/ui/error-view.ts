import type { Choice, ErrorKind, Finding } from '../errors.ts'
import { escapeParagraph, escapeText } from './escape-text.ts'
import type { Paint } from './screen.ts'
import { textWidth } from './text-width.ts'

/** The parts of an error a person is shown. */
export interface ShownError {
  readonly kind: ErrorKind
  readonly message: string
  readonly hint?: string | undefined
  readonly choices: readonly Choice[]
}

const titles: Readonly<Record<ErrorKind, string>> = {
  failed: 'error',
  usage: 'error',
  decision: 'stopped',
  conflict: 'conflict',
  busy: 'busy',
  untrusted: 'not trusted',
  interrupted: 'interrupted',
  terminated: 'terminated',
}

/** What happened, what to do about it, and the flags that decide. */
export function renderError(error: ShownError, paint: Paint): string {
  const title = `${titles[error.kind]}:`
  const colour = error.kind === 'decision' || error.kind === 'busy' ? paint.yellow : paint.red
  const lines = [`${paint.bold(colour(title))} ${indentRest(escapeParagraph(error.message.trimEnd()))}`]
  if (error.hint !== undefined && error.hint !== '') lines.push(`  ${indentRest(escapeParagraph(error.hint))}`)
  if (error.choices.length > 0) lines.push('', ...renderChoices(error.choices, paint))
  return lines.join('\n')
}

/** `--flag  label`, aligned. */
export function renderChoices(choices: readonly Choice[], paint: Paint): string[] {
  const width = Math.max(...choices.map(({ flag }) => textWidth(escapeText(flag))))
  return choices.map(({ flag, label }) => {
    const shown = escapeText(flag)
    return `  ${paint.cyan(shown)}${' '.repeat(width - textWidth(shown))}  ${escapeText(label)}`
  })
}

/** A finding in one line, with what to do about it. */
export function renderFinding(finding: Finding, paint: Paint): string {
  const hint = finding.hint === undefined ? '' : paint.dim(` (${escapeText(finding.hint)})`)
  return `${paint.yellow('note:')} ${escapeText(finding.message)}${hint}`
}

function indentRest(text: string): string {
  return text.replaceAll('\n', '\n  ')
}
