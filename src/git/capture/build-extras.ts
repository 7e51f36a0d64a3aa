import { readFile } from 'node:fs/promises'
import type { Git } from '../git.ts'
import { GitError } from '../git-error.ts'
import { quietly, withIndexCopy } from '../index-copy.ts'
import { snapshotIdentity } from '../snapshot.ts'
import { type BytePath, placeOf } from './byte-path.ts'
import { gitMode, type IndexEntry, indexLine } from './index-entries.ts'
import { type CapturedEntry, type CaptureMetadata, writeMetadata } from './metadata.ts'
import { findNamedObjects, type NamedObjects, withoutAncestors } from './named-objects.ts'
import type { WorktreePlace } from './walk-worktree.ts'

export interface ExtrasInput extends WorktreePlace {
  readonly message: string
  readonly index: readonly IndexEntry[]
  /** Files of the worktree that are not in its index as they are. */
  readonly added: ReadonlySet<BytePath>
  readonly metadata: Omit<CaptureMetadata, 'tags'>
  /** Commits that are kept with it. */
  readonly keep?: readonly string[]
}

interface TreeLine {
  readonly mode: string
  readonly oid: string
  readonly path: BytePath
}

/**
 * The commit that holds what a tree of tracked files cannot. Its own tree has
 * `metadata.json` (each path with its type, mode and object), `files/` (raw bytes of what is modified, untracked, ignored or hidden),
 * `git/` (the worktree's git directory, index included), `stages/<n>/` (both sides of conflicts), `objects/` (other things named there);
 * its parents are the commits that are named there, so that nothing of it is ever collected.
 */
export async function buildExtras(git: Git, input: ExtrasInput): Promise<string> {
  const { metadata } = input
  const named = await findNamedObjects(git, await readTexts(input.gitDir, metadata.admin))
  const tags = await keepTags(git, named.tags)
  const text = writeMetadata({ ...metadata, tags })
  const stored = await git.readLine(['hash-object', '-w', '--no-filters', '--stdin'], { input: text })
  const rest: TreeLine[] = [
    { mode: '100644', oid: stored, path: 'metadata.json' },
    ...metadata.admin.flatMap((entry) => lineOf('git', entry)),
    ...input.index.flatMap(({ stage, mode, oid, path }) =>
      stage === 0 || mode === '160000' ? [] : [{ mode, oid, path: `stages/${stage}/${path}` }],
    ),
    ...[...named.blobs, ...tags.map(({ blob }) => blob)].map((oid) => ({ mode: '100644', oid, path: `objects/${oid}` })),
  ]
  const files = metadata.worktree.filter(({ path }) => input.added.has(path)).flatMap((entry) => lineOf('files', entry))
  const tree = await writeTree(git, rest, files)
  const parents = await listParents(git, input, named)
  return commit(git, tree, parents, `everything else: ${input.message}`)
}

/** The texts in which git notes objects, with how it writes their names there. */
async function readTexts(gitDir: string, admin: readonly CapturedEntry[]): Promise<{ text: string; names: 'full' | 'short' }[]> {
  const files = admin.filter(({ path, type }) => type === 'file' && !/^(?:index|sharedindex\..*|flightrules.*\.json)$/.test(path))
  return Promise.all(
    files.map(async ({ path }) => ({
      text: await readFile(placeOf(gitDir, path), 'latin1').catch(() => ''),
      names: /(?:^|-)(?:rebase-merge|rebase-apply|sequencer)\//.test(path) ? ('short' as const) : ('full' as const),
    })),
  )
}

/** A commit cannot point to an annotated tag: its text is kept, from which it is made again. */
async function keepTags(git: Git, tags: readonly string[]): Promise<CaptureMetadata['tags']> {
  const kept: { oid: string; blob: string }[] = []
  for (const oid of tags) {
    const text = await git.readBytes(['cat-file', 'tag', oid])
    kept.push({ oid, blob: await git.readLine(['hash-object', '-w', '--no-filters', '--stdin'], { input: text }) })
  }
  return kept
}

function lineOf(folder: string, entry: CapturedEntry): TreeLine[] {
  return entry.oid === null ? [] : [{ mode: gitMode(entry), oid: entry.oid, path: `${folder}/${entry.path}` }]
}

/** Names git does not want in a tree, such as those other systems take for `.git`, are in the metadata all the same. */
async function writeTree(git: Git, rest: readonly TreeLine[], files: readonly TreeLine[]): Promise<string> {
  const write = (lines: readonly TreeLine[]): Promise<string> =>
    withIndexCopy(null, async (env) => {
      const input = Buffer.concat(lines.map(indexLine))
      await git.run([...quietly, 'update-index', '-z', '--index-info'], { env, input })
      return git.readLine([...quietly, 'write-tree'], { env })
    })
  try {
    return await write([...rest, ...files])
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return write([...rest, ...files].map((line, index) => (index === 0 ? line : { ...line, path: `files/${index}` })))
  }
}

async function listParents(git: Git, input: ExtrasInput, named: NamedObjects): Promise<string[]> {
  const at = { cwd: input.worktree, accept: [0, 1] }
  const head = (await git.run(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], at)).stdout.trim()
  const commits = await withoutAncestors(git, named.commits, head === '' ? null : head)
  const trees = await Promise.all(named.trees.map((tree) => commit(git, tree, [], `a tree named in ${input.message}`)))
  const hasConflicts = input.index.some(({ stage }) => stage > 0)
  const staged = hasConflicts ? [await commitWithoutConflicts(git, input)] : []
  return [...(head === '' ? [] : [head]), ...staged, ...commits, ...trees, ...(input.keep ?? [])]
}

/** The snapshot has no index where that could not be a tree: the entries that are not in conflict are kept here. */
async function commitWithoutConflicts(git: Git, { gitDir, index, message }: ExtrasInput): Promise<string> {
  const tree = await withIndexCopy(gitDir, async (env) => {
    const conflicts = [...new Set(index.flatMap(({ stage, path }) => (stage > 0 ? [path] : [])))]
    const length = index[0]?.oid.length ?? 40
    const input = Buffer.concat(conflicts.map((path) => indexLine({ mode: '0', oid: '0'.repeat(length), path })))
    await git.run([...quietly, 'update-index', '-z', '--index-info'], { env, input })
    return git.readLine([...quietly, 'write-tree'], { env })
  })
  return commit(git, tree, [], `index without conflicts: ${message}`)
}

function commit(git: Git, tree: string, parents: readonly string[], message: string): Promise<string> {
  const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', message]
  return git.readLine(args, { env: snapshotIdentity })
}
