import type { TrustReport } from '../../config/describe-trust.ts'
import { escapeParagraph, escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

/** The digest, the commands, and every byte an approval would cover; acting characters are written out. */
export function renderTrust(report: TrustReport, { paint }: Screen): string {
  const state = report.trusted ? paint.green('approved') : paint.yellow('not approved')
  const lines = [`${paint.bold('Digest')}  ${report.digest} (${state})`, '', paint.bold('Commands')]
  if (report.commands === null) lines.push('  known only once the config is loaded; read the files below')
  else if (report.commands.length === 0) lines.push('  none')
  else lines.push(...report.commands.map(({ phase, command }) => `  ${phase}: ${escapeText(command)}`))
  for (const file of report.files) {
    lines.push('', `${paint.bold(escapeText(file.path))} ${paint.dim(file.sha256)}`)
    lines.push(
      ...escapeParagraph(file.text.trimEnd())
        .split('\n')
        .map((line) => `  ${line}`),
    )
  }
  return lines.join('\n')
}
