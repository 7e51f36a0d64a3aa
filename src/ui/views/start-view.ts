import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Session } from '../../sessions/session.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

interface Started {
  readonly session: Session
  readonly path: string
  readonly failedCommand: { readonly command: string; readonly exitStatus: number } | null
}

/** What there is now, and how to go there. */
export function renderStart({ session, path, failedCommand }: Started, { paint }: Screen): string {
  const ports = Object.entries(session.ports).map(([name, port]) => `${name}=${port}`)
  const facts: [string, string][] = [
    ['branch', `${session.branch ?? '(detached HEAD)'} from ${session.base}`],
    ...(ports.length === 0 ? [] : [['ports', ports.join('  ')] as [string, string]]),
    ...(session.envFiles.length === 0
      ? []
      : [['env files', session.envFiles.map((file) => file.path).join('  ')] as [string, string]]),
    ...(session.sessionLog === null ? [] : [['log', session.sessionLog] as [string, string]]),
  ]
  const lines = [
    `${failedCommand === null ? paint.green('Session') : paint.yellow('Session')} ${paint.bold(session.id)}  ${escapeText(path)}`,
  ]
  for (const [name, value] of facts) lines.push(`  ${paint.dim(name.padEnd(9))}  ${escapeText(value)}`)
  if (failedCommand !== null) {
    lines.push(
      '',
      paint.red(
        `Setup failed: ${escapeText(failedCommand.command)} ended with status ${failedCommand.exitStatus}. The session is usable all the same.`,
      ),
    )
    if (session.setup?.log !== null && session.setup !== null) lines.push(`  what it said: ${session.setup.log}`)
    lines.push(`  when it is mended: flightrules setup ${session.id}`)
  }
  if (session.setup?.status === 'untrusted' && session.foreign !== undefined) {
    const whose = `request ${session.foreign.request} from ${escapeText(session.foreign.from)}`
    lines.push(
      '',
      paint.yellow(`The work of ${whose}: no setup, no env files, no git hooks until you approve it.`),
      `  flightrules trust --session ${session.id}`,
    )
  } else if (session.setup?.status === 'untrusted')
    lines.push('', paint.yellow('The setup commands did not run: nobody approved them. flightrules trust'))
  lines.push('', 'Go there:', `  cd ${quoteForShell(path)} && claude`)
  return lines.join('\n')
}

export function renderStandard(session: Session, main: string): string {
  const log = session.sessionLog === null ? '' : `\n  log  ${session.sessionLog}`
  return `Session ${session.id} in the main worktree ${escapeText(main)}${log}\n\nWhen it is done:\n  flightrules end ${session.id}`
}
