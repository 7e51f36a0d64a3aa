import { copyFile, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Git } from './git.ts'
import { readGitEntry } from './locate-repository.ts'
import { mergeCheckoutPrefix } from './merge-checkout-name.ts'

export interface MergePlace {
  readonly commonDir: string
  /** Short name of the branch it is on. */
  readonly branch: string
  /** The worktree whose settings, and part of the files, it has. */
  readonly like: string
}

/** A worktree where nobody works, which no worktree list names. */
export interface MergeCheckout {
  /** For its files; there are none before `checkOutMerge`. */
  readonly path: string
  /** Its own git directory: index, HEAD and what a merge leaves for hooks. */
  readonly gitDir: string
}

const quietly = ['-c', 'core.hooksPath=/dev/null', '-c', 'submodule.recurse=false']

/**
 * Calls `use` with a worktree of its own, as git's own merge would show it to a hook; afterwards it is gone. It stands below the main
 * worktree, so that programs find what is installed there.
 */
export async function withMergeCheckout<T>(
  git: Git,
  place: MergePlace,
  use: (checkout: MergeCheckout) => Promise<T>,
): Promise<T> {
  const parent = join(await realpath(place.commonDir), 'flightrules')
  await mkdir(parent, { recursive: true })
  const directory = await mkdtemp(join(parent, mergeCheckoutPrefix))
  try {
    const checkout = { path: join(directory, 'files'), gitDir: join(directory, 'git') }
    await mkdir(checkout.path)
    await mkdir(checkout.gitDir)
    await writeFile(join(checkout.gitDir, 'HEAD'), `ref: refs/heads/${place.branch}\n`)
    await writeFile(join(checkout.gitDir, 'commondir'), `${dirname(parent)}\n`)
    await writeFile(join(checkout.gitDir, 'gitdir'), `${join(checkout.path, '.git')}\n`)
    await writeFile(join(checkout.path, '.git'), `gitdir: ${checkout.gitDir}\n`)
    await copySettings(git, place.like, checkout.gitDir)
    return await use(checkout)
  } finally {
    // something a hook left running may still write there: that changes nothing of what was found out
    await rm(directory, { recursive: true, force: true }).catch(() => {})
  }
}

/** Stages a tree there, and writes its files. */
export async function checkOutMerge(git: Git, { path }: MergeCheckout, tree: string): Promise<void> {
  await git.run([...quietly, 'read-tree', '--reset', '-u', tree], { cwd: path })
}

/** Stages a tree there, without its files. */
export async function stageMerge(git: Git, { path }: MergeCheckout, tree: string): Promise<void> {
  await git.run([...quietly, 'read-tree', tree], { cwd: path })
}

/** Writes what a tree says about its files, which git asks when it merges: it reads it from files alone. */
export async function checkOutAttributes(git: Git, checkout: MergeCheckout, tree: string): Promise<void> {
  await stageMerge(git, checkout, tree)
  const cwd = checkout.path
  const input = await git.read(['ls-files', '-z', '--', ':(top,glob)**/.gitattributes'], { cwd })
  if (input !== '') await git.run([...quietly, 'checkout-index', '--force', '-z', '--stdin'], { cwd, input })
}

/** A worktree of a part of the files, or with settings of its own, is one here too. */
async function copySettings(git: Git, worktree: string, gitDir: string): Promise<void> {
  const from = await readGitEntry(join(worktree, '.git'))
  if (from === undefined) return
  const copy = async (file: string): Promise<boolean> => {
    await mkdir(dirname(join(gitDir, file)), { recursive: true })
    return copyFile(join(from, file), join(gitDir, file)).then(
      () => true,
      () => false,
    )
  }
  await copy(join('info', 'sparse-checkout'))
  if (!(await copy('config.worktree'))) return
  // these say where the other one is
  for (const key of ['core.worktree', 'core.bare'])
    await git.run(['config', '--file', join(gitDir, 'config.worktree'), '--unset-all', key], { accept: [0, 5] })
}
