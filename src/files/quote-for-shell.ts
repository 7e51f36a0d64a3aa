/** A text as one word of a POSIX shell line, for commands people and agents copy; plain words stay as they are. */
export function quoteForShell(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
