import type { LockReport } from '../../operations/abandoned-lock.ts'
import { describeHolder } from '../../operations/lock-files.ts'

/** What came of `unlock`, or would. */
export function renderUnlock(
  { liveness, holder }: LockReport,
  settled: readonly { readonly kind: string }[],
  tense: 'did' | 'would',
): string {
  const lines: string[] = []
  if (liveness === null) lines.push('Nobody holds the lock of this repository.')
  else {
    const why = liveness === 'dead' ? 'its holder has ended' : 'its holder is gone, as you said'
    const what = tense === 'did' ? 'Released the lock' : 'Would release the lock'
    lines.push(`${what} of this repository, held ${describeHolder(holder ?? undefined)}: ${why}.`)
  }
  for (const { kind } of settled) lines.push(`${tense === 'did' ? 'Settled' : 'Would settle'} what it left of: ${kind}`)
  return lines.join('\n')
}
