import { listCommitsNamedIn } from '../../git/capture/named-in-directory.ts'
import { withoutAncestors } from '../../git/capture/named-objects.ts'
import type { Git } from '../../git/git.ts'
import { snapshotIndex } from '../../git/snapshot.ts'
import type { TrashItem } from '../../operations/trash/item.ts'

/**
 * Stores what git has of a worktree whose folder is gone: HEAD, the index, and every commit that HEAD ever stood on.
 * @returns a commit no ref points to yet, null where nothing was ever checked out.
 */
export async function snapshotMissing(
  git: Git,
  { gitDir, head, id, reason }: Pick<TrashItem, 'gitDir' | 'head' | 'id' | 'reason'>,
): Promise<string | null> {
  const commits = await listCommitsNamedIn(git, gitDir)
  const at = head ?? (await withoutAncestors(git, commits, null))[0]
  if (at === undefined) return null
  const beside = await withoutAncestors(git, commits, at)
  return snapshotIndex(git, { gitDir, head: at, message: `${id}: ${reason}`, beside })
}
