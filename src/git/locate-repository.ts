import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/** Where a directory stands, found from the files alone: no git process, so that every command can afford it. */
export interface RepositoryLocation {
  /** The worktree that holds the directory, null inside a bare repository or a git directory. */
  readonly worktree: string | null
  /** The worktree's own git directory. */
  readonly gitDir: string
  /** The git directory all worktrees share. */
  readonly commonDir: string
}

/** The repository `directory` is in, undefined when it is in none. Paths are real paths. */
export async function findRepositoryLocation(directory: string): Promise<RepositoryLocation | undefined> {
  let current = await realpath(directory)
  for (;;) {
    const gitDir = await readGitEntry(join(current, '.git'))
    if (gitDir !== undefined) return { worktree: current, gitDir, commonDir: await readCommonDir(gitDir) }
    if (await isGitDirectory(current)) return { worktree: null, gitDir: current, commonDir: await readCommonDir(current) }
    const parent = dirname(current)
    if (parent === current) return undefined
    current = parent
  }
}

/** The git directory a `.git` entry stands for: itself, or what its `gitdir:` line names. */
export async function readGitEntry(entry: string): Promise<string | undefined> {
  const stats = await stat(entry).catch(() => undefined)
  if (stats === undefined) return undefined
  if (stats.isDirectory()) return (await isGitDirectory(entry)) ? realpath(entry) : undefined
  const line = await readFile(entry, 'utf8').catch(() => '')
  if (!line.startsWith('gitdir: ')) return undefined
  const target = resolve(dirname(entry), line.slice('gitdir: '.length).replace(/\r?\n$/, ''))
  return realpath(target).catch(() => undefined)
}

async function readCommonDir(gitDir: string): Promise<string> {
  const line = await readFile(join(gitDir, 'commondir'), 'utf8').catch(() => undefined)
  return line === undefined ? gitDir : realpath(resolve(gitDir, line.replace(/\r?\n$/, '')))
}

/** git's own test: a HEAD, and objects and refs beside it or in the common directory. */
async function isGitDirectory(directory: string): Promise<boolean> {
  const isPresent = (name: string): Promise<boolean> =>
    stat(join(directory, name)).then(
      () => true,
      () => false,
    )
  if (!(await isPresent('HEAD'))) return false
  if (await isPresent('commondir')) return true
  return (await isPresent('objects')) && (await isPresent('refs'))
}
