import { quotePath } from '../files/quote-path.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Work } from '../sessions/work.ts'
import type { Retired } from '../sessions/retire-session.ts'

/** The hooks' sentences. Each says what, why, and the next command. */

export function describeRegistration({ session, worktree, findings, failedCommand }: Work): string[] {
  const ports = Object.entries(session.ports).map(([name, port]) => `${name}=${port}`)
  const lines = [`flightrules: ${worktree} is session ${session.id}${ports.length === 0 ? '' : ` (${ports.join(', ')})`}`]
  for (const finding of findings)
    lines.push(`flightrules: ${finding.message}${finding.hint === undefined ? '' : ` — ${finding.hint}`}`)
  if (session.setup?.status === 'untrusted')
    lines.push('flightrules: its setup commands did not run: the config changed since a person approved it — flightrules trust')
  if (failedCommand !== null) {
    lines.push(
      `flightrules: setup failed: ${failedCommand.command} ended with status ${failedCommand.exitStatus} (log: ${session.setup?.log ?? 'none'})`,
      `flightrules: once it is mended: flightrules setup ${session.id}`,
    )
  }
  return lines
}

export function describeDirtyPush(push: { id: string | undefined; worktree: string; left: readonly string[] }): string[] {
  const { id, worktree, left } = push
  const count = `${left.length} uncommitted ${left.length === 1 ? 'file' : 'files'}`
  return [
    `flightrules: push refused: ${id === undefined ? worktree : `session ${id}`} has ${count} that would be left out:`,
    ...left.slice(0, 20).map((path) => `  ${quotePath(path)}`),
    ...(left.length > 20 ? [`  … and ${left.length - 20} more`] : []),
    'commit them, then push again:',
    `  git -C ${quoteForShell(worktree)} add --all && git -C ${quoteForShell(worktree)} commit`,
    ...(id === undefined ? [] : ['or commit them and end the session:', `  flightrules end ${id} --commit "<message>"`]),
    'or push without them all the same:',
    '  git push --no-verify',
  ]
}

export function describeUnregisteredPush(worktree: string): string[] {
  return [
    `flightrules: push refused: ${worktree} is no registered session, and the project wants it to be (hooks.prePush.registered)`,
    'flightrules: flightrules status    registers it; then push again',
  ]
}

export function describeCleanup(id: string, into: string, { purged, branchDeleted, item, findings }: Retired): string {
  const branch = branchDeleted ? 'worktree and branch' : 'worktree'
  const where = purged ? '' : ` (its files are in ${item.path})`
  const notes = findings.map((finding) => `\nflightrules: ${finding.message}`).join('')
  return `flightrules: ${id} is in ${into} now; cleaned up its ${branch}${where}${notes}`
}

export function describeLeftover(id: string, into: string, obstacle: string | null): string {
  const why = obstacle === null ? 'the project wants it only reported (hooks.postMerge.cleanup)' : obstacle
  return `flightrules: ${id} is in ${into} now and was left: ${why}. When it is done with: flightrules end ${id} --strategy merge`
}
