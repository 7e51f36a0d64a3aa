import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { findNamedObjects, withoutAncestors } from '../../git/capture/named-objects.ts'
import type { Git } from '../../git/git.ts'
import { snapshotIndex } from '../../git/snapshot.ts'
import type { TrashItem } from '../../operations/trash/item.ts'

/** Bytes of the largest file that is read for what it names. */
const largest = 4 * 1024 * 1024

/**
 * Stores what git has of a worktree whose folder is gone: HEAD, the index, and every commit that HEAD ever stood on.
 * @returns a commit no ref points to yet, null where nothing was ever checked out.
 */
export async function snapshotMissing(
  git: Git,
  { gitDir, head, id, reason }: Pick<TrashItem, 'gitDir' | 'head' | 'id' | 'reason'>,
): Promise<string | null> {
  const { commits } = await findNamedObjects(git, await readTexts(gitDir))
  const at = head ?? (await withoutAncestors(git, commits, null))[0]
  if (at === undefined) return null
  const beside = await withoutAncestors(git, commits, at)
  return snapshotIndex(git, { gitDir, head: at, message: `${id}: ${reason}`, beside })
}

async function readTexts(gitDir: string): Promise<{ text: string; names: 'full' }[]> {
  const entries = await readdir(gitDir, { recursive: true, withFileTypes: true })
  const texts: { text: string; names: 'full' }[] = []
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || entry.name === 'index' || entry.name === 'flightrules.json') continue
    if ((await stat(file)).size <= largest) texts.push({ text: await readFile(file, 'latin1'), names: 'full' })
  }
  return texts
}
