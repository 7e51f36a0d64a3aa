/**
 * A name that one object of a JSON text has twice, undefined where there is none. `JSON.parse` keeps the last without a word.
 * @param text valid JSON.
 */
export function findRepeatedName(text: string): string | undefined {
  const open: (Set<string> | null)[] = []
  // strings as a whole, so that no bracket inside one counts; a name is a string before a colon
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{') open.push(new Set())
    else if (token === '[') open.push(null)
    else if (token === '}' || token === ']') open.pop()
    else if (name !== undefined) {
      const names = open.at(-1)
      const read = JSON.parse(name) as string
      if (names?.has(read) === true) return read
      names?.add(read)
    }
  }
  return undefined
}
