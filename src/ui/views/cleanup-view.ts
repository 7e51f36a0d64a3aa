import type { CleanupKind } from '../../sessions/cleanup/cleanup-task.ts'
import { escapeText } from '../escape-text.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Paint } from '../screen.ts'

/** One thing that was left over, and what became of it. */
export interface CleanupAnswer {
  readonly id: string
  readonly kind: CleanupKind
  readonly evidence: string
  readonly action: string
  readonly verdict: 'safe' | 'ask' | 'leave'
  readonly done: boolean
  /** Name of what is kept of it in the trash. */
  readonly trash: string | null
}

/** What was taken away, and what was not with the flag that decides. */
export function renderCleanup(items: readonly CleanupAnswer[], paint: Paint): string {
  if (items.length === 0) return 'Nothing is left over.'
  const done = items.filter((item) => item.done)
  const open = items.filter((item) => !item.done)
  const lines = [
    ...(done.length === 0 ? [] : [`Cleaned up ${done.length === 1 ? '1 thing' : `${done.length} things`}:`]),
    ...done.flatMap((item) => renderItem(item, paint)),
    ...(open.length === 0 ? [] : [...(done.length === 0 ? [] : ['']), 'Left as it is:']),
    ...open.flatMap((item) => renderItem(item, paint)),
  ]
  return lines.join('\n')
}

function renderItem({ id, kind, evidence, action, verdict, done, trash }: CleanupAnswer, paint: Paint): string[] {
  const what = done ? `done: ${action}${trash === null ? '' : ` (as ${trash})`}` : verdict === 'ask' ? `would: ${action}` : action
  const decide =
    done || verdict !== 'ask' ? [] : [`    ${paint.cyan(`flightrules cleanup --id ${escapeText(quoteForShell(id))}`)}`]
  return [`  ${paint.bold(escapeText(id))} (${kind})`, `    ${escapeText(evidence)}`, `    ${escapeText(what)}`, ...decide]
}
