import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

/** What the view needs of a check's result. */
interface ShownCheck {
  readonly group: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly message: string
  readonly remedy?: string
  readonly repair?: unknown
}

interface ShownRepair {
  readonly message: string
  readonly undo: string | null
}

/** Every check under its heading, with the way out of what is not well; what was repaired comes first. */
export function renderDoctor(
  checks: readonly ShownCheck[],
  mended: readonly ShownRepair[],
  titles: Readonly<Record<string, string>>,
  { paint }: Screen,
): string {
  const lines: string[] = []
  for (const { message, undo } of mended) {
    lines.push(`${undo === null ? paint.red('not mended') : paint.green('mended')}  ${escapeText(message)}`)
    if (undo !== null) lines.push(paint.dim(`        back: ${escapeText(undo)}`))
  }
  if (mended.length > 0) lines.push('')
  for (const [group, title] of Object.entries(titles)) {
    const here = checks.filter((check) => check.group === group)
    if (here.length === 0) continue
    lines.push(paint.bold(title))
    for (const { status, message, remedy } of here) {
      lines.push(`  ${mark(status, paint)}  ${status === 'ok' ? paint.dim(escapeText(message)) : escapeText(message)}`)
      if (remedy !== undefined && status !== 'ok') lines.push(`        ${paint.cyan(escapeText(remedy))}`)
    }
  }
  lines.push('', summarize(checks, paint))
  return lines.join('\n')
}

function mark(status: ShownCheck['status'], paint: Screen['paint']): string {
  if (status === 'ok') return paint.green('ok  ')
  return status === 'warn' ? paint.yellow('warn') : paint.red('FAIL')
}

function summarize(checks: readonly ShownCheck[], paint: Screen['paint']): string {
  const count = (status: ShownCheck['status']): number => checks.filter((check) => check.status === status).length
  const [failed, warned] = [count('fail'), count('warn')]
  if (failed + warned === 0) return paint.green(`Everything is well (${checks.length} checks).`)
  const parts = [
    ...(failed > 0 ? [paint.red(`${failed} failed`)] : []),
    ...(warned > 0 ? [paint.yellow(`${warned === 1 ? '1 warning' : `${warned} warnings`}`)] : []),
    `${count('ok')} ok`,
  ]
  const repairable = checks.filter(({ repair }) => repair !== undefined).length
  const offer =
    repairable === 0 ? '' : `  flightrules doctor --fix mends ${repairable === 1 ? 'one of them' : `${repairable} of them`}.`
  return `${parts.join(', ')}.${offer}`
}
