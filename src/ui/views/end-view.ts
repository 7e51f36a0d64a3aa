import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { EndResult } from '../../sessions/end/end-input.ts'
import type { Session } from '../../sessions/session.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

interface Place {
  readonly session: Session
  readonly main: string
  readonly cwd: string
  /** Where the worktree was when the command began. */
  readonly was: string
}

/** What became of the session, where its work is, and what to type next. */
export function renderEnd(result: EndResult, place: Place, { paint }: Screen): string {
  const { session, main, cwd, was } = place
  const lines = [describeOutcome(result, session, paint.bold(session.id))]
  if (result.worktreeRemoved) {
    const branch = result.branchDeleted ? ` and branch ${session.branch ?? ''}` : ''
    lines.push(`  removed the worktree${escapeText(branch)}`)
    if (result.trash !== null && result.purged !== true) lines.push(`  everything it held is in the trash as ${result.trash}`)
  } else if (result.path !== null && session.mode === 'parallel') {
    lines.push(`  the worktree stays: ${escapeText(result.path)}`)
  }
  if (result.compareUrl !== undefined)
    lines.push(result.compareUrl === null ? '  open the request on the forge' : `  open the request: ${result.compareUrl}`)
  if (result.worktreeRemoved && (cwd === was || cwd.startsWith(`${was}/`)))
    lines.push('', 'This directory is gone; go back:', `  cd ${quoteForShell(main)}`)
  return lines.join('\n')
}

function describeOutcome({ strategy, integrated, pr, pushed }: EndResult, session: Session, id: string): string {
  if (session.mode === 'standard') return `Ended session ${id}; the main worktree stays as it is.`
  if (integrated !== null && pr !== null) return `Ended session ${id}: its request was merged as #${pr.number} (${pr.url})`
  if (integrated !== null) return `Merged session ${id} into ${escapeText(integrated.into)} (${integrated.oid.slice(0, 12)})`
  if (pr !== null)
    return `Session ${id} is request #${pr.number}: ${pr.url}\n  it is cleaned up once the request is merged and pulled`
  if (strategy === 'abandon') return `Abandoned session ${id}`
  if (strategy === 'keep') return `Kept session ${id}${pushed ? '; its branch is pushed' : ''}`
  return `Pushed session ${id}`
}
