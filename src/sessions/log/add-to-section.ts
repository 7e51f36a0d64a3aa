import { findSections, type ParsedLog, parseLog } from '../../integrate/log-sections.ts'
import { type SectionName, sectionNames, sectionTitles } from './sections.ts'

/**
 * The log with an entry at the end of a section; one that is not there is made, in its place among the others. Every other character stays as
 * it is: line ends, what a person renamed, a last line without an end.
 * @param entry Markdown with `\n`, as `toInertEntry` makes it.
 */
export function addToSection(log: string, name: SectionName, entry: string): string {
  const parsed = parseLog(log)
  const section = findSections(parsed, sectionTitles[name])[0]
  if (section === undefined) return insert(parsed, findPlace(parsed, name), `## ${sectionTitles[name]}\n\n${entry}`)
  const last = [section.heading, ...section.lines].findLast((line) => line.text.trim() !== '')
  return insert(parsed, last?.end ?? section.end, entry)
}

/** Before what comes after it in the order of the sections, else before the outcome, else at the end. */
function findPlace(log: ParsedLog, name: SectionName): number {
  const later = sectionNames.slice(sectionNames.indexOf(name) + 1)
  const next = later.flatMap((other) => findSections(log, sectionTitles[other])[0] ?? [])[0]
  return next?.from ?? log.outcome?.from ?? log.text.length
}

/** A block of its own between two lines. */
function insert({ text, lines, openFence }: ParsedLog, at: number, block: string): string {
  const [before, after] = [text.slice(0, at), text.slice(at)]
  const previous = lines.findLast(({ end }) => end <= at)
  const isClosed = previous === undefined || /[\r\n]$/.test(before)
  // where a fence is open it is so to the end: what is added is not to be code
  const opening = openFence === undefined ? undefined : lines.findLast(({ kind }) => kind === 'fence')
  const isCode = opening !== undefined && opening.from < at
  const parts = [
    isClosed ? '' : '\n',
    isCode ? `${openFence ?? ''}\n` : '',
    previous === undefined || (previous.kind === 'blank' && !isCode) ? '' : '\n',
    block,
    isClosed ? '\n' : '',
    after === '' || /^[ \t]*[\r\n]/.test(after) ? '' : '\n',
  ]
  const added = parts.join('').replaceAll('\n', lineEndOf(text))
  // the two would be one line end
  const apart = before.endsWith('\r') && added.startsWith('\n') ? '\n' : ''
  return `${before}${apart}${added}${after}`
}

/** As most of its lines end. */
export function lineEndOf(text: string): '\n' | '\r\n' {
  const windows = text.split('\r\n').length - 1
  return windows * 2 > text.split('\n').length - 1 ? '\r\n' : '\n'
}
