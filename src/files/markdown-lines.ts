/** A line of Markdown and what it is, as far as headings and fenced code go. */
export interface MarkdownLine {
  /** Where it begins, and where the next one does. */
  readonly from: number
  readonly end: number
  /** Without its line end. */
  readonly text: string
  /** `code`: in a fence; `fence`: opens or closes one. */
  readonly kind: 'text' | 'blank' | 'code' | 'fence'
  /** The heading this line is, or underlines; `from` is where the text of an underlined one begins. */
  readonly heading?: Heading
}

export interface Heading {
  readonly level: number
  readonly title: string
  readonly from: number
}

export interface MarkdownText {
  readonly lines: readonly MarkdownLine[]
  /** The line that would close a fence nobody has closed. */
  readonly openFence: string | undefined
}

/** Takes Markdown apart into its lines. Headings in fenced code are none. */
export function readMarkdown(text: string): MarkdownText {
  const lines: MarkdownLine[] = []
  let fence: string | undefined
  /** Where the paragraph began that a line of dashes would make a heading of. */
  let paragraph: number | undefined
  /** What follows a list item or quotation without a blank line is in it. */
  let isNested = false
  for (const { from, end, text: line } of splitLines(text)) {
    if (fence !== undefined) {
      const isEnd = closes(line, fence)
      lines.push({ from, end, text: line, kind: isEnd ? 'fence' : 'code' })
      if (isEnd) fence = undefined
      continue
    }
    fence = findOpening(line)
    const atx = fence === undefined ? findHeading(line) : undefined
    const underline = paragraph === undefined ? undefined : /^ {0,3}(?:(=)+|-+)[ \t]*$/.exec(line)
    if (fence !== undefined) lines.push({ from, end, text: line, kind: 'fence' })
    else if (line.trim() === '') lines.push({ from, end, text: line, kind: 'blank' })
    else if (atx !== undefined) lines.push({ from, end, text: line, kind: 'text', heading: { ...atx, from } })
    else if (underline !== null && underline !== undefined && paragraph !== undefined) {
      const title = (lines.at(-1)?.text ?? '').trim()
      const heading = { level: underline[1] === undefined ? 2 : 1, title, from: paragraph }
      lines.push({ from, end, text: line, kind: 'text', heading })
    } else {
      const isRule = /^ {0,3}([-_*])[ \t]*(?:\1[ \t]*){2,}$/.test(line)
      isNested ||= !isRule && /^ {0,3}(?:(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)|>)/.test(line)
      const isParagraph = !isRule && !isNested && (paragraph !== undefined || /^ {0,3}\S/.test(line))
      paragraph = isParagraph ? (paragraph ?? from) : undefined
      lines.push({ from, end, text: line, kind: 'text' })
      continue
    }
    paragraph = undefined
    isNested = false
  }
  return { lines, openFence: fence }
}

function* splitLines(text: string): Generator<{ from: number; end: number; text: string }> {
  const lineEnd = /\r\n|\n|\r/g
  // a byte order mark is no part of the first line
  let from = text.startsWith('\uFEFF') ? 1 : 0
  for (let found = lineEnd.exec(text); found !== null; found = lineEnd.exec(text)) {
    yield { from, end: lineEnd.lastIndex, text: text.slice(from, found.index) }
    from = lineEnd.lastIndex
  }
  if (from < text.length) yield { from, end: text.length, text: text.slice(from) }
}

/** The line that closes the fence this one opens. A run of backticks with another behind it is code in a line. */
function findOpening(line: string): string | undefined {
  const match = /^( {0,3})(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line)
  return match === null ? undefined : `${match[1] ?? ''}${match[2] ?? match[3] ?? ''}`
}

function closes(line: string, fence: string): boolean {
  const run = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
  const opened = fence.trim()
  return run !== undefined && run[0] === opened[0] && run.length >= opened.length
}

function findHeading(line: string): { level: number; title: string } | undefined {
  const match = /^ {0,3}(#{1,6})(?=[ \t]|$)/.exec(line)
  if (match === null) return undefined
  const title = line.slice(match[0].length).trim()
  return { level: match[1]?.length ?? 1, title: title.replace(/(?:^|[ \t])#+$/, '').trim() }
}
