import { holdsBlockMarker } from '../files/marked-block.ts'

/**
 * The value as dotenv, docker compose and sh all read it back unchanged; undefined when no quoting means the same to
 * all three. Single quotes are literal everywhere but end at a quote, and two of the three take a backslash before it as
 * part of it. Double quotes are only safe around text that none of them expands.
 */
export function quoteEnvValue(value: string): string | undefined {
  if (/^[A-Za-z0-9_./:@%+,=-]+$/.test(value)) return value
  if (/[\r\0]/.test(value) || holdsBlockMarker(value)) return undefined
  if (!value.includes("'")) return value.endsWith('\\') ? undefined : `'${value}'`
  return /["$`\\]/.test(value) ? undefined : `"${value}"`
}

/** One line for each variable, and the names of those that no quoting can carry. */
export function envLines(values: Readonly<Record<string, string>>): { lines: string[]; left: string[] } {
  const lines: string[] = []
  const left: string[] = []
  for (const [name, value] of Object.entries(values)) {
    const quoted = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? quoteEnvValue(value) : undefined
    if (quoted === undefined) left.push(name)
    else lines.push(`${name}=${quoted}`)
  }
  return { lines, left }
}
