/**
 * Reads a dotenv file: `NAME=value`, `export` in front allowed, comments, single quotes (literal), double quotes (`\n`,
 * `\r`, `\t`, `\"`, `\\`, `\$` mean something), values over several lines in quotes. Nothing is expanded. A later
 * line wins. What is not a variable is passed over.
 */
export function parseDotenv(text: string): Record<string, string> {
  const values = new Map<string, string>()
  const line = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(?:'([^']*)'|"((?:\\[^]|[^"\\])*)"|([^\r\n]*))/gm
  for (const [, name, single, double, bare] of text.replace(/^\uFEFF/, '').matchAll(line)) {
    if (name === undefined) continue
    values.set(name, single ?? (double === undefined ? plain(bare ?? '') : unescape(double)))
  }
  return Object.fromEntries(values)
}

/** A `#` at the start or after a blank begins a comment. */
function plain(text: string): string {
  return text.replace(/(^|[ \t])#.*$/, '').trim()
}

function unescape(text: string): string {
  const meanings: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' }
  return text.replace(/\\([nrt"\\$])/g, (_whole, letter: string) => meanings[letter] ?? letter)
}
