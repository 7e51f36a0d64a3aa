/** A path in double quotes, as git reads it where a bare one would end early; no path has a NUL. */
export function quoteCStyle(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
