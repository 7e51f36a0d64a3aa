import { join } from 'node:path'
import type { Git } from './git.ts'

/**
 * The paths (from the root of the worktree) that a merge driver of the project or person decides about. Such a driver may
 * keep one side whatever the other says, so that a merge which changes nothing proves nothing.
 */
export async function listCustomMerges(git: Git, paths: readonly string[]): Promise<string[]> {
  const { stdout } = await git.run(['config', '-z', '--name-only', '--get-regexp', '^merge\\..*\\.driver$'], { accept: [0, 1] })
  const drivers = new Set(stdout.split('\0').map((key) => key.slice('merge.'.length, -'.driver'.length)))
  drivers.delete('')
  if (drivers.size === 0 || paths.length === 0) return []
  const root = join(git.cwd, await git.readLine(['rev-parse', '--show-cdup']))
  const input = paths.map((path) => `${path}\0`).join('')
  const fields = (await git.read(['check-attr', '-z', '--stdin', 'merge'], { cwd: root, input })).split('\0')
  return paths.filter((_, index) => drivers.has(fields[index * 3 + 2] ?? ''))
}
