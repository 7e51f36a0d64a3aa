import { askInParts } from './ask-in-parts.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import { quietly, withIndexCopy } from './index-copy.ts'
import type { ScratchObjects } from './scratch-objects.ts'
import { listUnreadable } from './unreadable.ts'

export interface LiveTreeInput {
  readonly worktree: string
  readonly gitDir: string
  /** Paths that differ from what is checked out, as `git status` named them; what else differs need not be looked at. */
  readonly paths: readonly string[]
  /** Paths, folders too, that are left as they are in the index. Default: none. */
  readonly leaveOut?: readonly string[]
  readonly objects: ScratchObjects
}

export interface LiveTree {
  /** Tree of HEAD with these paths as they are in the working tree; it is in the scratch objects only. */
  readonly tree: string
  /** Files nobody may read or git cannot take, and what is no file at all: as they were checked out. */
  readonly unread: readonly string[]
  /** Content as it is in the working tree, since a filter that is configured for it could not be run. */
  readonly unfiltered: boolean
}

/**
 * What a worktree holds right now, as a tree: committed, staged, modified and untracked. Nothing in the worktree, its index or the
 * repository changes; git works on a copy of the index and writes to scratch objects.
 * @throws GitError when git cannot make one, say because the folder goes away meanwhile.
 */
export async function buildLiveTree(git: Git, input: LiveTreeInput): Promise<LiveTree> {
  return withIndexCopy(input.gitDir, async (index) => {
    const at = { cwd: input.worktree, env: { ...index, ...input.objects.env } }
    // git looks once more at files that were just written, through their filters
    const write = (settings: readonly string[] = []): Promise<string> =>
      git.readLine([...quietly, ...settings, 'write-tree', '--missing-ok'], at)
    const update = async (paths: readonly string[], settings: readonly string[] = []): Promise<void> => {
      // what is left out of a sparse checkout is not gone
      const args = ['update-index', '--add', '--remove', '--replace', '--ignore-skip-worktree-entries', '-z', '--stdin']
      if (paths.length > 0) await git.run([...quietly, ...settings, ...args], { ...at, input: toList(paths) })
    }
    // a name that is no UTF-8 cannot be given to git by its letters
    const named = input.paths.filter((path) => !path.includes('\uFFFD'))
    const isExact = named.length === input.paths.length
    if (isExact && (await succeeds(update(named)))) return { tree: await write(), unread: [], unfiltered: false }
    const unread = await listUnreadable(input.worktree, named)
    const readable = named.filter((path) => !unread.includes(path))
    if (isExact && (await succeeds(update(readable)))) return { tree: await write(), unread, unfiltered: false }
    // what changes while it is read ends the above again: this goes past it
    const add = (settings: readonly string[] = []): Promise<unknown> => {
      const args = ['add', '--all', '--sparse', '--ignore-errors', '--pathspec-from-file=-', '--pathspec-file-nul']
      const without = (input.leaveOut ?? []).map((path) => `:(exclude,top,literal)${path}`)
      return git.run([...quietly, ...settings, ...args], { ...at, input: toList([':/', ...without]), accept: [0, 1] })
    }
    if (await succeeds(add())) return { tree: await write(), unread, unfiltered: false }
    const filtersOff = await listFiltersOff(git)
    if (await succeeds(add(filtersOff))) return { tree: await write(filtersOff), unread, unfiltered: true }
    // whatever else git ends over, it is in some file: that one is left out
    const answers = await askInParts(readable, async (paths) => {
      await update(paths, filtersOff)
      return paths
    })
    const bad = readable.filter((_path, index) => answers[index] instanceof Error)
    const nameless = input.paths.filter((path) => !named.includes(path))
    return { tree: await write(filtersOff), unread: [...unread, ...bad, ...nameless], unfiltered: filtersOff.length > 0 }
  })
}

function toList(paths: readonly string[]): string {
  return paths.map((path) => `${path}\0`).join('')
}

async function succeeds(run: Promise<unknown>): Promise<boolean> {
  try {
    await run
    return true
  } catch (error) {
    if (error instanceof GitError) return false
    throw error
  }
}

/** Settings under which no configured filter is run. */
async function listFiltersOff(git: Git): Promise<string[]> {
  const { stdout } = await git.run(['config', '-z', '--name-only', '--get-regexp', '^filter\\..*'], { accept: [0, 1] })
  const keys = stdout.split('\0').filter((key) => key !== '')
  const drivers = [...new Set(keys.map((key) => key.slice(0, key.lastIndexOf('.'))))]
  return drivers.flatMap((name) => ['clean=', 'process=', 'required=false'].flatMap((value) => ['-c', `${name}.${value}`]))
}
