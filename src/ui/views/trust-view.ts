import type { TrustReport } from '../../config/describe-trust.ts'
import type { TrustedCommand } from '../../config/list-commands.ts'
import { renderFinding } from '../error-view.ts'
import { escapeCode } from '../escape-text.ts'
import { type DiffLine, diffLines, foldUnchanged } from '../line-diff.ts'
import type { Screen } from '../screen.ts'

/** `whole`: every line; `changes`: of files that were approved before what is new, and a few lines around it. */
type TrustDetail = 'whole' | 'changes'

/** The digest, the commands, and every byte an approval would cover, marked where it is not what was approved last. */
export function renderTrust(report: TrustReport, { paint }: Screen, detail: TrustDetail = 'whole'): string {
  const { before } = report
  const state = report.trusted ? paint.green('approved') : paint.yellow('not approved')
  const lines = [`${paint.bold('Digest')}  ${report.digest} (${state})`]
  if (before !== undefined) {
    lines.push(`${paint.bold('Before')}  ${before.digest} (approved ${before.at.slice(0, 16).replace('T', ' ')} UTC)`)
    lines.push(paint.dim('        - was approved   + is new'))
  }
  lines.push('', paint.bold('Commands'), ...renderCommands(report, paint))
  for (const file of report.files) {
    const old = before?.files.find(({ path }) => path === file.path)
    const note = before === undefined ? '' : old === undefined ? ' (new)' : old.sha256 === file.sha256 ? ' (unchanged)' : ''
    lines.push('', `${paint.bold(escapeCode(file.path))}${note} ${paint.dim(file.sha256)}`)
    const diff = diffLines(before === undefined ? file.text : (old?.text ?? ''), file.text)
    if (old !== undefined && old.sha256 !== file.sha256 && diff.every(({ mark }) => mark === ' ')) {
      lines.push(`  ${paint.yellow('the same lines in other bytes (line ends, or what is no UTF-8)')}`)
    }
    lines.push(...renderLines(diff, paint, detail === 'changes' && before !== undefined && old !== undefined))
  }
  const gone = before?.files.filter(({ path }) => !report.files.some((file) => file.path === path)) ?? []
  for (const file of gone) {
    lines.push(
      '',
      `${paint.bold(escapeCode(file.path))} (no longer part of it)`,
      ...renderLines(diffLines(file.text, ''), paint, false),
    )
  }
  return lines.join('\n')
}

/** Puts before a person what an approval would cover, and why an earlier one does not count. */
export function showTrust(screen: Screen, report: TrustReport): void {
  for (const doubt of report.doubts) screen.warn(renderFinding(doubt, screen.paint))
  screen.warn(renderTrust(report, screen, 'changes'))
}

/** What an approval made run, as it turned out when the config was loaded. */
export function renderCommandList(commands: readonly TrustedCommand[]): string[] {
  return commands.length === 0 ? ['  none'] : commands.map((command) => `  ${describe(command)}`)
}

function renderCommands({ commands, before }: TrustReport, paint: Screen['paint']): string[] {
  const old = before?.commands ?? []
  if (commands === null) {
    const known = old.length === 0 ? [] : ['  approved until now:', ...old.map((command) => `    ${describe(command)}`)]
    return ['  known only once the config is loaded; read the files below', ...known]
  }
  if (before === undefined) return renderCommandList(commands)
  const join = (list: readonly TrustedCommand[]): string => list.map((command) => `${describe(command)}\n`).join('')
  const diff = diffLines(join(old), join(commands))
  return diff.length === 0 ? ['  none'] : renderLines(diff, paint, false)
}

/** On one line: no command can pass for two. */
function describe({ phase, command }: TrustedCommand): string {
  return `${phase}: ${escapeCode(command).replaceAll('\t', '\\t')}`
}

function renderLines(diff: readonly DiffLine[], paint: Screen['paint'], fold: boolean): string[] {
  return (fold ? foldUnchanged(diff) : diff).map((line) => {
    if ('unchanged' in line) return paint.dim(`  … ${line.unchanged} ${line.unchanged === 1 ? 'line' : 'lines'} as approved`)
    const text = `${line.mark} ${escapeCode(line.text)}`
    return line.mark === ' ' ? text : line.mark === '-' ? paint.red(text) : paint.green(text)
  })
}
