import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'
import { purgeTrash } from './delete.ts'
import { loadTrash, type TrashItem } from './item.ts'

const day = 24 * 60 * 60 * 1000

/**
 * Deletes the folders of worktrees that have been in the trash for `days` days; their snapshots stay. One that holds a repository of
 * its own stays too: a snapshot cannot hold that.
 * @returns the names of the entries that went.
 */
export async function expireTrash(commonDir: string, days: number, now: Date): Promise<string[]> {
  const gone: string[] = []
  for (const item of await loadTrash(commonDir)) {
    const age = now.getTime() - Date.parse(item.at)
    if (!(age >= days * day) || (await holdsRepository(item))) continue
    // one that cannot go, or is no entry of ours, is no reason for anything else to fail
    const isGone = await purgeTrash(commonDir, item).then(
      () => true,
      () => false,
    )
    if (isGone) gone.push(item.trash)
  }
  return gone
}

/** A repository of its own inside: a `.git` anywhere below the folder's, or a submodule's. What cannot be read counts as one. */
export async function holdsRepository({ path, gitDir }: Pick<TrashItem, 'path' | 'gitDir'>): Promise<boolean> {
  try {
    if ((await readdir(gitDir)).includes('modules')) return true
    const entries = await readdir(path, { recursive: true })
    return entries.some((entry) => basename(entry) === '.git' && entry !== '.git')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
