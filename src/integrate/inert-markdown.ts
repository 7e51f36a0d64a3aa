import { breakClosingKeywords, stripInvisible } from './inert-text.ts'

/**
 * Markdown somebody else wrote, still Markdown, but doing nothing: nobody is called, nothing is closed, fetched, hidden or
 * commanded. Where it is not certain that the forge sees code, code is treated as text, so that the worst is a blank too many.
 */
export function toInertMarkdown(text: string): string {
  const result: string[] = []
  let fence: string | undefined
  let fencesAreCertain = true
  let spansAreCertain = true
  for (const line of breakClosingKeywords(stripInvisible(text)).split('\n')) {
    if (fence !== undefined) {
      result.push(stopCommand(line, ' '))
      if (isClosing(line, fence)) fence = undefined
      continue
    }
    if (line.trim() === '') spansAreCertain = true
    const opening = /^(?:(`{3,})[^`]*|(~{3,}).*)$/.exec(line)
    if (opening !== null && fencesAreCertain) {
      fence = opening[1] ?? opening[2]
      spansAreCertain = true
      result.push(line)
      continue
    }
    // in a list or quotation a fence ends where that ends, which takes a whole parser to know
    if (/`{3}|~{3}/.test(line)) fencesAreCertain = false
    spansAreCertain &&= hasWholeSpans(line)
    result.push(stopCommand(toInertLine(line, spansAreCertain), '\\'))
    // the block of HTML that such a tag opens ends at an empty line; a fence inside it would be none
    if (plainTag.test(line)) result.push('')
  }
  const whole = result.join('\n').trimEnd()
  return fence === undefined ? whole : `${whole}\n${fence}`
}

const plainTag = /<\/?(?:details|summary|br|kbd|sub|sup)\s*\/?>/i

function isClosing(line: string, fence: string): boolean {
  const run = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1]
  return run !== undefined && run[0] === fence[0] && run.length >= fence.length
}

/** Whether every backtick of the line opens or closes a span on this line: escapes, longer runs and table cells make it uncertain. */
function hasWholeSpans(line: string): boolean {
  const ticks = line.split('`').length - 1
  return ticks === 0 || (ticks % 2 === 0 && !/``|[\\|]/.test(line))
}

function toInertLine(line: string, spansAreCertain: boolean): string {
  if (!spansAreCertain) return toInertText(line)
  return line
    .split('`')
    .map((part, index) => (index % 2 === 0 ? toInertText(part) : part))
    .join('`')
}

/** Entities cannot form markup again, whatever stands before them. */
function toInertText(text: string): string {
  return text
    .replace(/&(?!(?:amp|lt|gt|quot|nbsp|ndash|mdash|hellip|middot|copy);)(?=#|\w+;)/g, '&amp;')
    .replace(/<(?=[a-z/!?])(?!\/?(?:details|summary|br|kbd|sub|sup)\s*\/?>)/gi, '&lt;')
    .replace(/!(?=\[)/g, '&#33;')
    .replace(/(?<![A-Za-z0-9])@(?=[\w-])/g, '@ ')
}

/** GitLab and many bots take a line that begins with a slash and a word for a command. */
function stopCommand(line: string, stop: string): string {
  return line.replace(/^(\s*)(?=\/[a-z])/i, `$1${stop}`)
}
