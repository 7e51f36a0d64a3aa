import { readMarkdown } from '../../files/markdown-lines.ts'
import { stripInvisible, toOneLine } from '../../integrate/inert-text.ts'

/**
 * Markdown from outside as a part of a section: lines end in `\n`, none at the end. Its headings move down together until the highest is of the
 * third rank, so that it keeps its outline and begins no section; escaped, they would show their hash marks. What would hide the
 * rest of the log, an open fence, comment or element, is closed or shown as it is, and our own marks are none any more.
 */
export function toInertEntry(text: string): string {
  const { lines, openFence } = readMarkdown(trimLines(breakMarks(stripInvisible(text))))
  const ranks = lines.flatMap(({ heading }) => heading?.level ?? [])
  const down = Math.max(0, 3 - Math.min(...ranks, 3))
  const result: string[] = []
  for (const { text: line, kind, heading } of lines) {
    if (kind === 'code' || kind === 'fence') result.push(line)
    else if (heading === undefined || down === 0) result.push(showTags(line))
    else {
      // one that is underlined has no form below the second rank
      const isUnderline = !/^ {0,3}#/.test(line)
      const title = isUnderline ? (result.pop() ?? '').trim() : showTags(line.replace(/^ {0,3}#+/, ''))
      result.push(`${'#'.repeat(Math.min(6, heading.level + down))}${isUnderline ? ' ' : ''}${title}`)
    }
  }
  return [...result, ...(openFence === undefined ? [] : [openFence])].join('\n')
}

/** Words from outside within a line of ours. */
export function toInertLine(text: string): string {
  return showTags(breakMarks(toOneLine(text)))
}

function breakMarks(text: string): string {
  return text.replace(/<!--(?=\s*flightrules:)/gi, '<! --')
}

/** Comments and elements that go on over empty lines, whatever follows. */
function showTags(line: string): string {
  return line.replace(/<(?=[!?]|\/?(?:script|pre|style|textarea|details)(?:[\s/>]|$))/gi, '\\<')
}

function trimLines(text: string): string {
  return text.replace(/^(?:[ \t]*\n)+/, '').trimEnd()
}
