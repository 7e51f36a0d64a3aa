import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Git } from '../git.ts'
import { quietly } from '../index-copy.ts'
import { beginWorktree, placeAdmin } from './place-admin.ts'
import type { WorktreePlace } from './walk-worktree.ts'

/**
 * Makes a worktree from a plain snapshot: tracked and untracked files as git checks them out, and the index. HEAD is detached at `head`.
 * Neither place may exist.
 */
export async function restorePlain(
  git: Git,
  snapshot: { readonly commit: string; readonly head: string; readonly index: string | null },
  target: WorktreePlace,
): Promise<void> {
  const aside = await beginWorktree(target)
  await writeFile(join(aside, 'HEAD'), `${snapshot.head}\n`, { flag: 'wx' })
  await placeAdmin(target)
  const at = { cwd: target.worktree }
  await git.run([...quietly, 'read-tree', snapshot.commit], at)
  await git.run([...quietly, 'checkout-index', '--all', '--quiet'], at)
  await git.run([...quietly, 'read-tree', snapshot.index ?? snapshot.head], at)
  await git.run([...quietly, 'update-index', '-q', '--refresh'], { ...at, accept: [0, 1] })
}
