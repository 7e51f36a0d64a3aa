/** The words of a plain line as a shell takes them: spaces between, double quotes around what has some. */
export function parseWords(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((found) => found[1] ?? found[2] ?? '')
}
