import { join } from 'node:path'
import type { Git } from './git.ts'

/** Takes lines of both sides, so that a line only one of them deleted stays. */
const union = 'union'

export interface CustomMerges {
  /** Paths (from the root of the worktree) that such a driver decides about. */
  readonly paths: ReadonlySet<string>
  /** Those of them of which lines of both sides are kept: there a merge that changes nothing proves that no line is missing. */
  readonly additive: ReadonlySet<string>
  /** Settings with which git merges them as it merges any text. */
  readonly plain: readonly string[]
}

/**
 * Merge drivers of the project or person, and git's own that never conflicts. Such a driver may keep one side whatever the other says, so
 * that a merge which changes nothing proves nothing.
 */
export async function listCustomMerges(git: Git, paths: readonly string[]): Promise<CustomMerges> {
  if (paths.length === 0) return { paths: new Set(), additive: new Set(), plain: [] }
  const { stdout } = await git.run(['config', '-z', '--name-only', '--get-regexp', '^merge\\..*\\.driver$'], { accept: [0, 1] })
  const drivers = new Set(stdout.split('\0').map((key) => key.slice('merge.'.length, -'.driver'.length)))
  drivers.delete('')
  const isOverridden = drivers.has(union)
  drivers.add(union)
  const root = join(git.cwd, await git.readLine(['rev-parse', '--show-cdup']))
  const input = paths.map((path) => `${path}\0`).join('')
  const fields = (await git.read(['check-attr', '-z', '--stdin', 'merge'], { cwd: root, input })).split('\0')
  const driverOf = (index: number): string => fields[index * 3 + 2] ?? ''
  return {
    paths: new Set(paths.filter((_, index) => drivers.has(driverOf(index)))),
    additive: new Set(isOverridden ? [] : paths.filter((_, index) => driverOf(index) === union)),
    plain: [...drivers].map((name) => `merge.${name}.driver=git merge-file --quiet %A %O %B`),
  }
}
