import type { Git } from '../git/git.ts'

/** One value of git's configuration and where it is written. */
export interface Setting {
  readonly value: string
  /** system, global, local, worktree, command. */
  readonly scope: string
  /** `file:/path`, as git says it; relative to where git ran. */
  readonly origin: string
}

/** Every value by its key, section and last part in lower case; the last one counts. */
export type Settings = ReadonlyMap<string, readonly Setting[]>

/** git's configuration as it holds in the directory of `git`. One git process. */
export async function readSettings(git: Git, file?: string): Promise<Settings> {
  const from = file === undefined ? [] : ['--file', file]
  return parseSettings(await git.read(['config', ...from, '--list', '-z', '--show-scope', '--show-origin']))
}

/** Reads `git config --list -z --show-scope --show-origin`: scope, origin and `key LF value`, each closed by a NUL. */
export function parseSettings(output: string): Settings {
  const fields = output.split('\0')
  const found = new Map<string, Setting[]>()
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [scope = '', origin = '', entry = ''] = fields.slice(index, index + 3)
    const end = entry.indexOf('\n')
    // a key without `=` is a true
    const [key, value] = end === -1 ? [entry, 'true'] : [entry.slice(0, end), entry.slice(end + 1)]
    found.set(key, [...(found.get(key) ?? []), { value, scope, origin }])
  }
  return found
}

/** The value that counts. */
export function findSetting(settings: Settings, key: string): Setting | undefined {
  return settings.get(key)?.at(-1)
}

/** git's own reading of a truth value; undefined where the key is not set or says something else. */
export function findFlag(settings: Settings, key: string): boolean | undefined {
  const value = findSetting(settings, key)?.value.toLowerCase()
  if (value === undefined) return undefined
  if (['true', 'yes', 'on', '1'].includes(value)) return true
  return ['false', 'no', 'off', '0', ''].includes(value) ? false : undefined
}
