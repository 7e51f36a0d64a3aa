import { type MarkdownLine, type MarkdownText, readMarkdown } from '../files/markdown-lines.ts'

/** The lines around what `end` says of a session in its log. */
export const outcomeBegin = '<!-- flightrules: outcome -->'
export const outcomeEnd = '<!-- flightrules: end of outcome -->'

/** A part of a session log under a heading of the second level. */
export interface LogSection {
  /** Where its heading begins. */
  readonly from: number
  /** The last line of its heading. */
  readonly heading: MarkdownLine
  /** The lines under it. */
  readonly lines: readonly MarkdownLine[]
  /** Where the next heading of its rank, or the outcome, begins. */
  readonly end: number
}

export interface ParsedLog extends MarkdownText {
  readonly text: string
  /** The outcome with its marks, from the first character to the last; undefined where none is whole. */
  readonly outcome: { readonly from: number; readonly end: number; readonly lines: readonly string[] } | undefined
}

export function parseLog(text: string): ParsedLog {
  const markdown = readMarkdown(text)
  return { text, ...markdown, outcome: findOutcome(markdown.lines) }
}

/** All sections of that title, in whatever case it is written. */
export function findSections({ text, lines, outcome }: ParsedLog, title: string): LogSection[] {
  const isOutside = ({ from }: MarkdownLine): boolean => outcome === undefined || from < outcome.from || from >= outcome.end
  return lines.flatMap((line, index) => {
    const { heading } = line
    if (heading?.level !== 2 || heading.title.toLowerCase() !== title.toLowerCase() || !isOutside(line)) return []
    const after = lines.slice(index + 1)
    const next = after.find((other) => (other.heading?.level ?? 3) <= 2 || isMark(other, outcomeBegin))
    const end = next?.heading?.from ?? next?.from ?? text.length
    return [{ from: heading.from, heading: line, lines: after.filter(({ from }) => from < end), end }]
  })
}

/** What a session log says under `## Summary`, empty when there is nothing yet. */
export function findLogSummary(log: string): string {
  const lines = findSections(parseLog(log), 'Summary').flatMap((section) => section.lines)
  return lines
    .map(({ text }) => text)
    .join('\n')
    .trim()
}

/** The last whole one: a beginning that lost its end is a person's text by now, and so is what follows it. */
function findOutcome(lines: readonly MarkdownLine[]): ParsedLog['outcome'] {
  const last = lines.findLastIndex((line) => isMark(line, outcomeEnd))
  const first = lines.slice(0, Math.max(0, last)).findLastIndex((line) => isMark(line, outcomeBegin))
  const [begin, end] = [lines[first], lines[last]]
  if (begin === undefined || end === undefined) return undefined
  const inside = lines.slice(first + 1, last).map(({ text }) => text)
  return { from: begin.from, end: end.from + end.text.length, lines: inside }
}

function isMark({ kind, text }: MarkdownLine, mark: string): boolean {
  return kind === 'text' && text.trimEnd() === mark
}
