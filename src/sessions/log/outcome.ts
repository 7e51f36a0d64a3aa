import type { Commit } from '../../git/log.ts'
import type { DiffStat } from '../../git/diff-stat.ts'
import { outcomeBegin, outcomeEnd, parseLog } from '../../integrate/log-sections.ts'
import { lineEndOf } from './add-to-section.ts'
import { toInertLine } from './inert-entry.ts'

/** How a session ended, as its log says it. */
export interface Outcome {
  /** `merge`, `kept`. */
  readonly how: string
  /** What becomes of the work: `squash into main`, `none`. */
  readonly integration: string
  /** What the session's own work changes, its log aside; null where that could not be found out. */
  readonly changes: DiffStat | null
  /** Oldest first. */
  readonly commits: readonly Pick<Commit, 'oid' | 'message'>[]
  /** Address of the request, where there is one. */
  readonly request: string | null
}

const requestWord = '- Request: '
const endedWord = '- Ended: '

/** The log with the outcome as its last block, in the place of an earlier one, which stays where it says the same. */
export function withOutcome(log: string, outcome: Outcome, at: string): string {
  const { outcome: earlier, openFence } = parseLog(log)
  const lines = renderOutcome(outcome)
  const said = earlier?.lines.slice(earlier.lines.findIndex((line) => line.startsWith(endedWord)) + 1) ?? []
  if (said.join('\n') === lines.join('\n')) return log
  const block = [outcomeBegin, '## Outcome', '', `${endedWord}${at}`, ...lines, outcomeEnd].join('\n')
  const place = (text: string): string => text.replaceAll('\n', lineEndOf(log))
  if (earlier !== undefined) return `${log.slice(0, earlier.from)}${place(block)}${log.slice(earlier.end)}`
  const gap = log === '' || /(?:\r?\n|^)[ \t]*\r?\n$/.test(log) ? '' : /[\r\n]$/.test(log) ? '\n' : '\n\n'
  const fence = openFence === undefined ? '' : `${/[\r\n]$/.test(log) ? '' : '\n'}${openFence}\n\n`
  return `${log}${place(`${fence === '' ? gap : fence}${block}\n`)}`
}

/** The log with the request's address in its outcome; one without an outcome stays as it is. */
export function withRequest(log: string, url: string): string {
  const { outcome } = parseLog(log)
  if (outcome === undefined) return log
  const line = `${requestWord}${toInertLine(url)}`
  if (outcome.lines.includes(line)) return log
  const lines = [...outcome.lines.filter((other) => !other.startsWith(requestWord)), line]
  const block = [outcomeBegin, ...lines, outcomeEnd].join(lineEndOf(log))
  return `${log.slice(0, outcome.from)}${block}${log.slice(outcome.end)}`
}

/** The log as it was before it was known where its request is; a request need not be told of itself. */
export function withoutRequest(log: string): string {
  const { outcome } = parseLog(log)
  if (outcome === undefined) return log
  const lines = outcome.lines.filter((line) => !line.startsWith(requestWord))
  const block = [outcomeBegin, ...lines, outcomeEnd].join(lineEndOf(log))
  return `${log.slice(0, outcome.from)}${block}${log.slice(outcome.end)}`
}

function renderOutcome({ how, integration, changes, commits, request }: Outcome): string[] {
  return [
    `- How: ${how}`,
    `- Integration: ${integration}`,
    ...(changes === null ? [] : [`- Changes: ${describeChanges(changes)}`]),
    commits.length === 0 ? '- Commits: none' : '- Commits:',
    ...commits.map(({ oid, message }) => `  - ${oid.slice(0, 12)} ${toInertLine(message.split('\n')[0] ?? '')}`.trimEnd()),
    ...(request === null ? [] : [`${requestWord}${toInertLine(request)}`]),
  ]
}

function describeChanges({ files, insertions, deletions }: DiffStat): string {
  if (files === 0) return 'none'
  const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`
  return `${count(files, 'file')}, ${count(insertions, 'insertion')}, ${count(deletions, 'deletion')}`
}
