import { type IndexEntry, indexLine, parseIndex } from './capture/index-entries.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import { quietly, withIndexCopy } from './index-copy.ts'

export interface StoredConflicts {
  /** The index with our side of each conflict, null where git cannot read it. */
  readonly tree: string | null
  /** `index`, byte for byte, and `stages/<n>/` with every side: nothing else may have what they name. */
  readonly sides: string
}

/** Stores an index that cannot be a tree. `env` names a copy of it, which is changed. */
export async function storeConflicts(git: Git, env: Readonly<Record<string, string>>, gitDir: string): Promise<StoredConflicts> {
  const bytes = await git.readLine(['hash-object', '-w', '--no-filters', '--', String(env['GIT_INDEX_FILE'])])
  const raw = { mode: '100644', oid: bytes, path: 'index' }
  const entries = await list(git, env, gitDir).catch(ignoreDamage)
  const sides = entries.filter(({ stage, mode }) => stage > 0 && mode !== '160000')
  const stages = sides.map(({ stage, path, ...side }) => ({ ...side, path: `stages/${stage}/${path}` }))
  return { tree: await settle(git, env, entries), sides: await writeTree(git, [raw, ...stages]) }
}

async function list(git: Git, env: Readonly<Record<string, string>>, gitDir: string): Promise<IndexEntry[]> {
  return parseIndex(await git.readBytes(['ls-files', '-v', '--stage', '-z'], { cwd: gitDir, env }))
}

async function settle(git: Git, env: Readonly<Record<string, string>>, entries: readonly IndexEntry[]): Promise<string | null> {
  const unmerged = entries.filter(({ stage }) => stage > 0)
  if (unmerged.length === 0) return null
  const gone = unmerged.map(({ path, oid }) => indexLine({ mode: '0', oid: '0'.repeat(oid.length), path }))
  const ours = unmerged.filter(({ stage }) => stage === 2).map(indexLine)
  await git.run([...quietly, 'update-index', '-z', '--index-info'], { env, input: Buffer.concat([...gone, ...ours]) })
  return git.readLine([...quietly, 'write-tree'], { env })
}

function writeTree(git: Git, lines: readonly { mode: string; oid: string; path: string }[]): Promise<string> {
  return withIndexCopy(null, async (env) => {
    await git.run([...quietly, 'update-index', '-z', '--index-info'], { env, input: Buffer.concat(lines.map(indexLine)) })
    return git.readLine([...quietly, 'write-tree'], { env })
  })
}

/** The bytes are stored all the same. */
function ignoreDamage(error: unknown): IndexEntry[] {
  if (error instanceof GitError) return []
  throw error
}
