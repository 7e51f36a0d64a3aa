import { toInertMarkdown } from './inert-markdown.ts'
import { findLogSummary } from './log-sections.ts'
import { breakClosingKeywords, cutBytes, toCodeBlock, toMarkdownLine, toOneLine } from './inert-text.ts'

export interface RequestSource {
  /** Given by the person; else made from goals or commits. */
  readonly title?: string | undefined
  /** Markdown given by the person; else made from goals, commits and log. */
  readonly body?: string | undefined
  readonly branch: string
  readonly goals: readonly string[]
  /** First lines of the commits, oldest first. */
  readonly subjects: readonly string[]
  /** The session log as written, null when there is none. */
  readonly log: string | null
  /** Issue the request is about. */
  readonly issue: number | null
  /** `Closes` is the only closing keyword in the text; a forge heeds it only in requests into its default branch. */
  readonly issueWord?: 'Closes' | 'Refs'
  /** Bytes the text may have; default: all that a forge takes. */
  readonly limit?: number
}

/** Forges take 64 KiB; bytes. */
export const bodyLimit = 60_000
const summaryLimit = 10_000
const titleLimit = 120
const lineLimit = 300
const goalLimit = 30
const commitLimit = 60

/** Title and text of a pull request. Everything from outside is shown, nothing of it works as markup, mention or keyword. */
export function writeRequestText(source: RequestSource): { title: string; body: string } {
  return {
    title: writeTitle(source),
    body: source.body === undefined ? writeBody(source) : writeGivenBody(source.body, nameIssue(source)),
  }
}

function writeTitle(source: RequestSource): string {
  const candidates = [source.title, source.goals[0], source.subjects.length === 1 ? source.subjects[0] : undefined, source.branch]
  const title = candidates.map((text) => inertTitle(text ?? '')).find((text) => text !== '')
  return title ?? 'Changes'
}

/** Titles are no Markdown, but a squash merge makes them the first line of a commit message. */
function inertTitle(text: string): string {
  const title = breakClosingKeywords(toOneLine(text)).replace(/(?<!\w)@(?=[\w-])/g, '@ ')
  return [...title].length > titleLimit
    ? `${[...title]
        .slice(0, titleLimit - 1)
        .join('')
        .trimEnd()}…`
    : title
}

function writeBody(source: RequestSource): string {
  const goals = writeList('Goals', source.goals, goalLimit)
  const commits = writeList('Commits', source.subjects, commitLimit)
  const closes = nameIssue(source)
  const rest = join([goals, commits, closes])
  const room = (source.limit ?? bodyLimit) - byteLength(rest) - 200
  const summary = writeSummary(source.log, Math.min(room, summaryLimit))
  const log = writeLog(source.log, room - byteLength(summary))
  return `${join([goals, summary, commits, log, closes])}\n`
}

function nameIssue({ issue, issueWord }: RequestSource): string {
  return issue === null ? '' : `${issueWord ?? 'Closes'} #${issue}`
}

/** As it was given, but for what would do something; cut where a forge would refuse it. */
function writeGivenBody(text: string, closes: string): string {
  const { inert, isCut } = cutInert(text, bodyLimit - 200)
  return `${join([inert, isCut ? '[cut: a forge takes no longer text]' : '', closes])}\n`
}

function writeSummary(log: string | null, room: number): string {
  const summary = log === null ? '' : findLogSummary(log)
  if (summary === '' || room < 200) return ''
  const { inert, isCut } = cutInert(summary, room - 50)
  return join(['## Summary', inert, isCut ? '[cut: the whole log is in the repository]' : ''])
}

function cutInert(text: string, room: number): { inert: string; isCut: boolean } {
  let kept = cutBytes(text, room)
  let inert = toInertMarkdown(kept)
  // making it inert adds bytes, so once is not always enough
  for (let size = byteLength(inert); size > room && kept !== ''; size = byteLength(inert)) {
    kept = cutBytes(kept, Math.min(byteLength(kept) - 1, byteLength(kept) - (size - room)))
    inert = toInertMarkdown(kept)
  }
  return { inert, isCut: kept.length < text.length }
}

function writeList(heading: string, texts: readonly string[], limit: number): string {
  const lines = texts.map((text) => toMarkdownLine(shorten(toOneLine(text)))).filter((line) => line !== '')
  if (lines.length === 0) return ''
  const shown = lines.slice(0, limit).map((line) => `- ${line}`)
  if (lines.length > limit) shown.push(`- and ${lines.length - limit} more`)
  return `## ${heading}\n\n${shown.join('\n')}`
}

function writeLog(log: string | null, room: number): string {
  if (log === null || log.trim() === '' || room < 200) return ''
  let kept = log
  let block = toCodeBlock(kept)
  // breaking keywords and a long fence add bytes, so once is not always enough
  for (let size = byteLength(block); size > room && kept !== ''; size = byteLength(block)) {
    kept = cutBytes(kept, Math.min(byteLength(kept) - 1, byteLength(kept) - (size - room)))
    block = toCodeBlock(`${kept}\n[cut: the whole log is in the repository]`)
  }
  return `<details>\n<summary>Session log</summary>\n\n${block}\n\n</details>`
}

function shorten(text: string): string {
  const characters = [...text]
  return characters.length > lineLimit ? `${characters.slice(0, lineLimit - 1).join('')}…` : text
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n')
}
