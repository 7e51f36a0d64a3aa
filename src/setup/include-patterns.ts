/** A line of a file in gitignore syntax that git passes over in silence, because nothing can match it. */
export interface InvalidPattern {
  /** From 1. */
  readonly line: number
  readonly text: string
}

/** What is left open, as gitignore(5) and git's own matcher have it: a backslash before nothing, a bracket; and what is empty. */
export function findInvalidPatterns(file: string): InvalidPattern[] {
  return file
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.replace(/\r$/, '') }))
    .filter(({ text }) => !text.startsWith('#') && isInvalid(text))
}

function isInvalid(line: string): boolean {
  // spaces at the end are no part of it, but for an escaped one
  const pattern = line.replace(/(?<!\\) +$/, '')
  return pattern !== '' && (/^!?\/?$/.test(pattern) || !isClosed(pattern))
}

function isClosed(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    if (pattern[at] === '\\') at += 1
    else if (pattern[at] === '[') at = findBracketEnd(pattern, at)
    if (at >= pattern.length) return false
  }
  return true
}

const classes = /^(?:alnum|alpha|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit)$/

/** Where the bracket that begins at `start` ends; beyond the pattern where it does not. */
function findBracketEnd(pattern: string, start: number): number {
  const isNegated = /[!^]/.test(pattern[start + 1] ?? '')
  const first = start + (isNegated ? 2 : 1)
  for (let at = first; at < pattern.length; at += 1) {
    if (pattern[at] === ']' && at > first) return at
    if (pattern[at] === '\\') at += 1
    else if (pattern.startsWith('[:', at)) {
      const end = pattern.indexOf(']', at + 2)
      const name = pattern.slice(at + 2, end - 1)
      // without a colon before it, git takes the bracket for one of the characters
      if (end <= at + 2 || pattern[end - 1] !== ':') continue
      if (!classes.test(name)) return pattern.length
      at = end
    }
  }
  return pattern.length
}
