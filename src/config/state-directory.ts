import { isAbsolute, join } from 'node:path'
import type { Environment } from '../git/environment.ts'

/**
 * Where this program keeps what belongs to a person and to no repository; undefined where the environment does not say, as for a hook
 * that a program without HOME has started. A relative path says nothing: it would be another folder in every directory.
 */
export function findStateDirectory(env: Environment, platform: NodeJS.Platform = process.platform): string | undefined {
  const own = env['XDG_STATE_HOME']
  if (isPlace(own)) return join(own, 'flightrules')
  const windows = platform === 'win32' ? env['LOCALAPPDATA'] : undefined
  if (isPlace(windows)) return join(windows, 'flightrules')
  const home = env['HOME'] ?? (platform === 'win32' ? env['USERPROFILE'] : undefined)
  return isPlace(home) ? join(home, '.local', 'state', 'flightrules') : undefined
}

function isPlace(value: string | undefined): value is string {
  return value !== undefined && isAbsolute(value)
}
