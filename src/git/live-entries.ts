import { randomUUID } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import { quietly } from './index-copy.ts'
import { parseIndex } from './index-file.ts'
import { type ScratchObjects, scratchSettings } from './scratch-objects.ts'
import type { WorktreeStatus } from './status.ts'
import type { TreeEntry } from './tree-changes.ts'

export interface LiveEntriesInput {
  readonly worktree: string
  readonly gitDir: string
  readonly status: WorktreeStatus
  /** Those of the untracked files that are read. */
  readonly untracked: readonly string[]
  readonly objects: ScratchObjects
}

/** Characters the entries of the files to read may take on a command line; Windows ends at 32,767. */
const mostCharacters = 24_000

/** Every path a worktree and its HEAD may differ in. */
export function listLivePaths({ status, untracked }: Pick<LiveEntriesInput, 'status' | 'untracked'>): string[] {
  return [...new Set([...status.changes.keys(), ...untracked])]
}

/**
 * What a worktree holds at the paths it differs from HEAD in, as `git add` would store it; at those that are not named there is nothing. git
 * reads the files beside an index of just these entries, which knows nothing of any file's times, so that each is read: however large the
 * worktree is, it costs what was changed. One git process where there is a file to read, none where everything is staged.
 * @returns undefined where the whole index decides, and where git cannot read all of it: `buildLiveTree` can tell.
 */
export async function readLiveEntries(git: Git, input: LiveEntriesInput): Promise<ReadonlyMap<string, TreeEntry> | undefined> {
  const { worktree, status, untracked, objects } = input
  const changed = [...status.changes].filter(([, { isThere }]) => isThere)
  const modified = new Set(status.modified)
  const reread = changed.filter(([path]) => modified.has(path))
  const seeds = reread.flatMap(([path, { indexed }]) => (indexed === null ? [] : [`${indexed.mode},${indexed.oid},${path}`]))
  if (seeds.join('').length > mostCharacters || (await needsWholeIndex(input))) return undefined
  const paths = [...reread.map(([path]) => path), ...untracked]
  const read = await readFiles(git, { worktree, head: status.head ?? '', seeds, paths, objects })
  if (read === undefined) return undefined
  const staged = changed.flatMap(([path, { indexed }]) =>
    indexed === null || modified.has(path) ? [] : [[path, indexed] as const],
  )
  return new Map([...staged, ...read])
}

/** Names that are no UTF-8, conflicts, and attributes that are in the index alone. */
async function needsWholeIndex({ gitDir, ...input }: LiveEntriesInput): Promise<boolean> {
  const { status } = input
  if (status.unmerged.length > 0 || listLivePaths(input).some((path) => path.includes('\uFFFD'))) return true
  const isGone = ([path, { isThere }]: [string, { isThere: boolean }]): boolean => !isThere && /(^|\/)\.gitattributes$/.test(path)
  return [...status.changes].some(isGone) || (await exists(join(gitDir, 'info', 'sparse-checkout')))
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  )
}

interface Reading extends Pick<LiveEntriesInput, 'worktree' | 'objects'> {
  readonly head: string
  /** What the index has: it decides about modes and line ends where the file system or the file do not. */
  readonly seeds: readonly string[]
  readonly paths: readonly string[]
}

async function readFiles(git: Git, reading: Reading): Promise<ReadonlyMap<string, TreeEntry> | undefined> {
  const { worktree, head, seeds, paths, objects } = reading
  if (paths.length === 0) return new Map()
  const index = join(objects.directory, `index-${randomUUID()}`)
  const known = seeds.flatMap((seed) => ['--cacheinfo', seed])
  // files that count as big go into one pack: none has a file of its own
  const settings = [...quietly, ...scratchSettings, '-c', 'core.bigFileThreshold=1']
  const args = [...settings, 'update-index', '--add', '--remove', '--replace', ...known, '-z', '--stdin']
  try {
    await git.run(args, {
      cwd: worktree,
      env: { ...objects.env, GIT_INDEX_FILE: index, GIT_INDEX_VERSION: '2' },
      input: paths.map((path) => `${path}\0`).join(''),
    })
  } catch (error) {
    if (error instanceof GitError) return undefined
    throw error
  }
  const bytes = await readFile(index).catch((error: NodeJS.ErrnoException) => {
    // git writes none when it took no file
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return bytes === undefined ? new Map() : parseIndex(bytes, head.length)
}
