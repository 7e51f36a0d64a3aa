import { readFile, realpath, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { isMapOf, isText } from '../files/shape.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Git } from './git.ts'
import { requireGitVersion } from './version.ts'

/** Versions of git that were new enough, by the file that said so. A machine has one or two. */
const isCache = isMapOf(isText)
const largestCache = 8

/**
 * As `requireGitVersion`, without starting git where the same file on PATH was asked before. That it is too old is never remembered: whoever
 * updates git wants to see that at once.
 * @throws FlightRulesError GIT_TOO_OLD, GIT_MISSING.
 */
export async function requireKnownGit(git: Git, commonDir: string): Promise<void> {
  const program = await identifyGit(git.environment)
  if (program === undefined) {
    await requireGitVersion(git)
    return
  }
  const file = join(commonDir, 'flightrules', 'cache', 'git-version.json')
  const known = await loadCache(file)
  if (known.has(program)) return
  known.set(program, await requireGitVersion(git))
  // a cache that cannot be written costs time, not truth
  await replaceFile(file, JSON.stringify(Object.fromEntries([...known].slice(-largestCache)))).catch(() => {})
}

/** Path, time and size of the git that PATH leads to; undefined where only starting it would tell. */
async function identifyGit(environment: Readonly<Record<string, string>>): Promise<string | undefined> {
  const path = Object.entries(environment).find(([name]) => name.toUpperCase() === 'PATH')?.[1] ?? ''
  const name = process.platform === 'win32' ? 'git.exe' : 'git'
  for (const folder of path.split(delimiter)) {
    // what a relative one means depends on where git is started
    if (!isAbsolute(folder)) return undefined
    const stats = await stat(join(folder, name)).catch(() => undefined)
    if (stats === undefined || !stats.isFile() || (process.platform !== 'win32' && (stats.mode & 0o111) === 0)) continue
    return `${await realpath(join(folder, name))} ${stats.mtimeMs} ${stats.size}`
  }
  return undefined
}

async function loadCache(file: string): Promise<Map<string, string>> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isCache(content) ? new Map(Object.entries(content as Record<string, string>)) : new Map()
  } catch {
    return new Map()
  }
}
