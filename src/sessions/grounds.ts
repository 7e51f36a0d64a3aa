import { basename, dirname } from 'node:path'
import { listAdminDirectories } from '../git/worktrees.ts'
import { isTrashPath } from '../operations/trash/item.ts'
import { isWithin } from './find-session.ts'
import { loadRecord } from './record.ts'
import type { Session } from './session.ts'

/** A worktree and whose it is. */
export interface Ground {
  readonly path: string
  readonly gitDir: string
  readonly session: Session | null
  readonly main: boolean
}

/** Every worktree of the repository but those that were put away, from files alone: no git process. */
export async function listGrounds(commonDir: string): Promise<Ground[]> {
  const admin = [...(await listAdminDirectories(commonDir))].filter(([path]) => !isTrashPath(path))
  const linked = admin.map(([path, gitDir]) => ({ path, gitDir, main: false }))
  // the main worktree of a repository whose git directory is elsewhere cannot be told from files
  const hasMain = basename(commonDir) === '.git'
  const all = [...(hasMain ? [{ path: dirname(commonDir), gitDir: commonDir, main: true }] : []), ...linked]
  return Promise.all(
    all.map(async (ground) => {
      const record = await loadRecord(ground.gitDir)
      return { ...ground, session: record.state === 'valid' ? record.session : null }
    }),
  )
}

/** Whose place a path is in: sessions may be inside the main directory. undefined for one elsewhere, or in the git directory. */
export function findGround(grounds: readonly Ground[], commonDir: string, path: string): Ground | undefined {
  if (isWithin(commonDir, path)) return undefined
  return grounds.filter((ground) => isWithin(ground.path, path)).toSorted((a, b) => b.path.length - a.path.length)[0]
}
