import type { Git } from '../git.ts'
import { listIgnoredEntries } from '../hidden-changes.ts'
import { isEmptyBlob, listIndex, listRawChanges } from './index-entries.ts'
import { storeFiles } from './store-files.ts'
import { walkTree } from './walk-tree.ts'

/**
 * Stores what `git add --all` would, byte for byte and without filters, for when git cannot: a filter that is not installed, a repository
 * inside without a commit, a file nobody may read.
 * @returns lines for `git update-index -z --index-info`.
 */
export async function storeRawChanges(git: Git, worktree: string): Promise<Buffer> {
  const ignored = new Set((await listIgnoredEntries(git, worktree)).map((path) => path.replace(/\/$/, '')))
  const tree = await walkTree(worktree, { isExcepted: (path) => path === '.git' || ignored.has(path) })
  const index = await listIndex(git, worktree)
  const kept = new Map(index.flatMap(({ path, oid, stage }) => (stage === 0 && !isEmptyBlob(oid) ? [[path, oid] as const] : [])))
  const format = (await git.readLine(['rev-parse', '--show-object-format'])) === 'sha256' ? 'sha256' : 'sha1'
  const { oids } = await storeFiles({ git, root: worktree, format, entries: tree.entries, kept, room: Infinity })
  const stored = tree.entries.flatMap(({ path, type, mode }) => {
    const oid = oids.get(path)
    return oid === undefined ? [] : [{ path, type, mode, oid }]
  })
  return listRawChanges(git, worktree, index, stored)
}
