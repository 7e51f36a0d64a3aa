/** Text from agents, commits and issues, made harmless for a forge: it shows as it is and does nothing. */

/** Without what cannot be seen or turns the reading direction: control, format and other invisible characters. */
export function stripInvisible(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Default_Ignorable_Code_Point}]/gu, '')
}

/** Everything on one line, single spaces. */
export function toOneLine(text: string): string {
  return stripInvisible(text).replace(/\s+/g, ' ').trim()
}

/**
 * `Fixes #1` becomes `Fixes – #1`: the issue is still named, merging no longer closes it.
 * The words are those of GitHub and GitLab, the references theirs and an issue's address.
 */
export function breakClosingKeywords(text: string): string {
  const reference = '(?:issues?\\s+)?(?:[\\w.-]+(?:\\/[\\w.-]+)*)?[#!]\\d|GH-\\d|[A-Z][A-Z0-9_]+-\\d|https?:\\/\\/'
  const keyword = 'clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?'
  // marks of Markdown between the two vanish in what the forge shows, and reads
  const between = '[\\s:*_~\\\\[(<"\']+'
  return text.replace(
    new RegExp(`(?<![\\p{L}\\d])(${keyword})(${between})(?=${reference})`, 'giu'),
    (_whole, word: string, gap: string) => {
      const marks = gap.replace(/[\s:]+/g, '')
      return `${word} – ${marks}`
    },
  )
}

/** One line of Markdown that shows exactly these characters; a name after an @ is code, so nobody is called. */
export function toMarkdownLine(text: string): string {
  return breakClosingKeywords(toOneLine(text))
    .replace(/[\\`*_[\]<>&|~!]/g, '\\$&')
    .replace(/^(?:[#=+:-]|\d+(?=[.)]))/, (start) => (/\d/.test(start) ? `${start}\\` : `\\${start}`))
    .replace(/(?<!\w)@(?=[\w-])(?:[\w/.@-]|\\_)*/g, (mention) => `\`${mention.replaceAll('\\', '')}\``)
}

/** A code block whose fence the text cannot close. */
export function toCodeBlock(text: string): string {
  const inert = breakClosingKeywords(stripInvisible(text)).replace(/\s+$/, '')
  const longest = Math.max(2, ...[...inert.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${inert.replace(/^(\s*)(?=\/[a-z])/gim, '$1 ')}\n${fence}`
}

/** At most so many bytes of UTF-8, never half a character. */
export function cutBytes(text: string, limit: number): string {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= limit) return text
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, limit)), { stream: true })
}
