import type { Git } from './git.ts'
import { toIndexLine } from './scratch-checkout.ts'
import type { TreeEntry } from './tree-changes.ts'

/** An entry of an index, with what git remembers beside it. */
export interface IndexEntry {
  readonly entry: TreeEntry
  /** Outside of a sparse checkout. */
  readonly isSkipped: boolean
  /** Not one side of a conflict. */
  readonly isSettled: boolean
}

/** What an entry is to be, null for none. */
export interface EntryUpdate {
  readonly path: string
  readonly entry: TreeEntry | null
}

export interface IndexTarget {
  readonly cwd: string
  /** Where git is to work on another index than the worktree's. */
  readonly env?: Readonly<Record<string, string>>
}

/** Whole index: a list of paths would not fit on a command line. */
export async function readIndexEntries(git: Git, target: IndexTarget): Promise<Map<string, IndexEntry>> {
  const output = await git.read(['ls-files', '-t', '--stage', '-z'], target)
  const found = new Map<string, IndexEntry>()
  for (const line of output.split('\0')) {
    const [, tag, mode, oid, stage, path] = /^(\S) (\d+) ([0-9a-f]+) (\d)\t([^]*)$/.exec(line) ?? []
    if (mode === undefined || oid === undefined || path === undefined) continue
    found.set(path, { entry: { mode, oid }, isSkipped: tag === 'S', isSettled: stage === '0' })
  }
  return found
}

/** Changes entries of an index; what git remembers of their files is looked at anew. Those outside of a sparse checkout stay there. */
export async function updateIndexEntries(
  git: Git,
  target: IndexTarget,
  entries: readonly EntryUpdate[],
  staged: ReadonlyMap<string, IndexEntry>,
): Promise<void> {
  if (entries.length === 0) return
  const [some] = staged.values()
  const nothing = { mode: '0', oid: '0'.repeat(some?.entry.oid.length ?? 40) }
  // a folder may take the place of a file
  const input = entries
    .toSorted((a, b) => Number(a.entry !== null) - Number(b.entry !== null))
    .map(({ path, entry }) => toIndexLine({ path, entry: entry ?? nothing }))
    .join('')
  await git.run([...quietly, 'update-index', '-z', '--index-info'], { ...target, input })
  const skipped = entries.filter(({ path, entry }) => entry !== null && staged.get(path)?.isSkipped === true)
  if (skipped.length > 0)
    await git.run([...quietly, 'update-index', '--skip-worktree', '-z', '--stdin'], {
      ...target,
      input: skipped.map(({ path }) => `${path}\0`).join(''),
    })
  await git.run([...quietly, 'update-index', '-q', '--refresh'], { ...target, accept: [0, 1] })
}

/** The hook of a changed index is for changes somebody makes. */
const quietly = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']
