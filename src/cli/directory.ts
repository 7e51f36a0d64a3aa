import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { FlightRulesError } from '../errors.ts'

/**
 * The directory to run in: the current one, then each `-C` from there on.
 * @throws FlightRulesError NO_DIRECTORY when it is not there (any more) or no directory.
 */
export async function requireDirectory(current: () => string, directories: readonly string[]): Promise<string> {
  const start = directories.some((directory) => resolve('/', directory) === directory) ? '/' : requireCurrent(current)
  const directory = resolve(start, ...directories)
  if (directories.length === 0) return directory
  const stats = await stat(directory).catch(() => undefined)
  if (stats?.isDirectory() === true) return directory
  throw new FlightRulesError({
    kind: 'usage',
    code: 'NO_DIRECTORY',
    message: `-C ${directories.join(' -C ')}: ${stats === undefined ? 'there is no such directory' : 'this is not a directory'}`,
    hint: 'give -C a directory that exists',
    details: { path: directory },
  })
}

/** Asking for the current directory fails when somebody deleted it under our feet. */
function requireCurrent(current: () => string): string {
  try {
    return current()
  } catch (cause) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NO_DIRECTORY',
      message: 'the current directory no longer exists',
      hint: 'cd to a directory that exists, or give one with -C <dir>',
      cause,
    })
  }
}
