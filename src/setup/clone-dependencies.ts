import { lstat, rename, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import type { DependencyStrategy } from '../config/types.ts'
import type { Finding } from '../errors.ts'
import { excludeFromStatus, findExcludePattern } from '../git/exclude.ts'
import type { Git } from '../git/git.ts'
import { findIgnoredPaths, isTracked } from '../git/ignore.ts'
import { findContainedPath, findSymlink, isThere, makeParents } from './contained-path.ts'
import { copyTree } from './copy-tree.ts'
import { listPaths } from './list-paths.ts'
import { withStaging } from './staging.ts'

export interface DependencyClone {
  /** Runner of any directory. */
  readonly git: Git
  readonly commonDir: string
  readonly main: string
  readonly worktree: string
  /** Globs for directories, relative to the main worktree. */
  readonly paths: readonly string[]
  readonly strategy: DependencyStrategy
  /** Told each folder before it is copied, which may take a while. */
  readonly onPath?: (path: string) => void
}

/**
 * Gives a worktree the dependency folders of the main one: copies, or symlinks to them. Left out in silence: what is
 * not there, what holds tracked files, what the worktree has already.
 */
export async function cloneDependencies(input: DependencyClone): Promise<{ cloned: string[]; findings: Finding[] }> {
  const { main, worktree, strategy } = input
  const cloned: string[] = []
  const findings: Finding[] = []
  if (strategy === 'none' || main === worktree) return { cloned, findings }
  const globs = input.paths.filter((path) => findContainedPath(path.replace(/^!/, '')) !== undefined)
  for (const path of outermost(await listPaths(main, globs))) {
    try {
      if (await isWanted(input, path)) {
        input.onPath?.(path)
        await hideFromStatus(input, path)
        await makeParents(worktree, path)
        await (strategy === 'symlink' ? link(main, worktree, path) : clone(main, worktree, path, input.git.signal))
        cloned.push(path)
      }
    } catch (error) {
      input.git.signal?.throwIfAborted()
      findings.push({
        code: 'DEPENDENCIES_NOT_CLONED',
        message: `${path} was not brought into the worktree: ${(error as Error).message}`,
        hint: 'install the dependencies there',
        details: { path },
      })
    }
  }
  return { cloned, findings }
}

/** A node_modules inside another one comes along with it. */
function outermost(paths: readonly string[]): string[] {
  const kept: string[] = []
  for (const path of [...paths].sort()) if (!kept.some((parent) => path.startsWith(`${parent}/`))) kept.push(path)
  return kept
}

async function isWanted(input: DependencyClone, path: string): Promise<boolean> {
  const stats = await lstat(join(input.main, path)).catch(() => undefined)
  if (stats?.isDirectory() !== true) return false
  const inTheWay = (await findSymlink(input.main, path)) ?? (await findSymlink(input.worktree, dirname(path)))
  if (inTheWay !== undefined) throw new Error(`${inTheWay} is a symlink, and what it leads to may be anywhere`)
  if (await isThere(join(input.worktree, path))) return false
  const tracked = await Promise.all([input.main, input.worktree].map((root) => isTracked(input.git.at(root), path)))
  return !tracked.includes(true)
}

async function hideFromStatus({ git, commonDir, worktree, strategy }: DependencyClone, path: string): Promise<void> {
  // `node_modules/` as a rule matches the folder and what is in it, but not a symlink of that name
  const probe = strategy === 'symlink' ? path : `${path}/x`
  const ignored = await findIgnoredPaths(git.at(worktree), [probe])
  const pattern = findExcludePattern(path)
  if (!ignored.has(probe) && pattern !== undefined) await excludeFromStatus({ commonDir, patterns: [pattern] })
}

async function link(main: string, worktree: string, path: string): Promise<void> {
  const destination = join(worktree, path)
  await symlink(relative(dirname(destination), join(main, path)), destination, 'dir')
}

async function clone(main: string, worktree: string, path: string, signal?: AbortSignal): Promise<void> {
  const destination = join(worktree, path)
  await withStaging(worktree, destination, async (aside) => {
    await copyTree(join(main, path), aside, signal)
    reachFailpoint('rename:dependencies')
    await rename(aside, destination)
  })
}
