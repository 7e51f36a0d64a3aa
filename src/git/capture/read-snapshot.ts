import type { Git } from '../git.ts'
import { findCapture } from './read-capture.ts'

export interface StoredSnapshot {
  readonly commit: string
  /** `capture`: everything. `plain`: tracked and untracked files and the index. */
  readonly kind: 'capture' | 'plain'
  /** The commit that was checked out, null on a branch without one. */
  readonly head: string | null
  /** Holds the index as its tree, null where that was in conflict. */
  readonly index: string | null
  /** A file that was in the worktree's git directory; undefined where the snapshot has none of that name. */
  readAdmin(name: string): Promise<string | undefined>
}

/** What a commit in the trash is. */
export async function readSnapshot(git: Git, commit: string): Promise<StoredSnapshot> {
  const metadata = await findCapture(git, commit)
  const parents = await listParents(git, commit)
  const own = metadata === undefined ? parents : parents.slice(0, -1)
  // what begins with its index had no HEAD
  const hasHead = own[0] !== undefined && !(await isIndex(git, own[0]))
  const second = own[hasHead ? 1 : 0]
  return {
    commit,
    kind: metadata === undefined ? 'plain' : 'capture',
    head: hasHead ? (own[0] ?? null) : null,
    index: second !== undefined && (await isIndex(git, second)) ? second : null,
    async readAdmin(name) {
      const oid = metadata?.admin.find(({ path }) => path === name)?.oid
      return oid === undefined || oid === null ? undefined : git.read(['--no-replace-objects', 'cat-file', 'blob', oid])
    },
  }
}

async function listParents(git: Git, commit: string): Promise<string[]> {
  const line = await git.readLine(['--no-replace-objects', 'rev-list', '--parents', '--max-count=1', commit])
  return line.split(' ').slice(1)
}

async function isIndex(git: Git, commit: string): Promise<boolean> {
  const text = await git.read(['--no-replace-objects', 'cat-file', 'commit', commit])
  return text.includes('<flightrules@localhost>') && text.includes('\n\nindex: ')
}
