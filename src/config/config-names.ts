/** Where a project's configuration may be, in the order of precedence. All beside the main worktree's `.git`. */
export const configNames = [
  'package.json',
  '.flightrulesrc',
  '.flightrulesrc.json',
  '.flightrulesrc.yaml',
  '.flightrulesrc.yml',
  'flightrules.config.ts',
  'flightrules.config.mts',
  'flightrules.config.js',
  'flightrules.config.mjs',
  'flightrules.config.json',
] as const

/** One person's overrides, in the order of precedence. */
export const overrideNames = [
  'flightrules.config.local.ts',
  'flightrules.config.local.js',
  'flightrules.config.local.json',
] as const

/** Bytes of the largest file that is read as configuration, or as a part of it. */
export const largestSource = 4 * 1024 * 1024

/** The property of package.json that holds a configuration. */
export const packageProperty = 'flightrules'

/** Whether the file is code, to be evaluated, or data, to be read. */
export function isCode(name: string): boolean {
  return /\.m?[jt]s$/.test(name)
}
