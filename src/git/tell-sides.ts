import { createHash } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Git } from './git.ts'
import { withScratchCheckout } from './scratch-checkout.ts'
import type { TreeChange, TreeEntry } from './tree-changes.ts'

/**
 * What is in a worktree at a path in which two trees differ: nothing, what one of them says, the beginning of that, or somebody's own.
 */
export type Side = 'missing' | 'folder' | 'from' | 'to' | 'part' | 'other'

export interface FoundSide {
  readonly side: Side
  /** As it was looked at, undefined where there was nothing. */
  readonly stats: BigIntStats | undefined
}

/**
 * Looks at each changed path as git would: filters and line ends do not count. A file that ends in the middle is what a stopped checkout
 * leaves.
 */
export async function tellSides(
  git: Git,
  worktree: string,
  trees: { readonly from: string; readonly to: string },
  changes: readonly TreeChange[],
): Promise<FoundSide[]> {
  const knowsModes = await tellsModes(git, worktree)
  const stats = await Promise.all(changes.map(({ path }) => lookAt(worktree, path)))
  const hashes = await hashFiles(
    git,
    worktree,
    changes.filter((_change, index) => isFile(stats[index])).map(({ path }) => path),
  )
  const sides = await Promise.all(
    changes.map(async (change, index): Promise<Side> => {
      const found = stats[index]
      if (found === undefined) return 'missing'
      if (found === 'elsewhere') return 'other'
      if (found.isDirectory()) return 'folder'
      if (found.isSymbolicLink()) return sideOf(change, await hashLink(join(worktree, change.path), change), ['120000'])
      if (!found.isFile()) return 'other'
      const mode = (found.mode & 0o100n) === 0n ? '100644' : '100755'
      return sideOf(change, hashes.get(change.path), knowsModes ? [mode] : ['100644', '100755'])
    }),
  )
  const doubtful = changes.filter((_change, index) => sides[index] === 'other' && isFile(stats[index]))
  const parts = new Set<string>()
  for (const name of ['from', 'to'] as const) await findParts(git, worktree, trees[name], name, doubtful, parts)
  const goingLinks = new Set(
    changes.flatMap(({ path, from, to }, index) =>
      from?.mode === '120000' && to === null && sides[index] === 'from' ? [path] : [],
    ),
  )
  return changes.map(({ path }, index) => {
    const found = stats[index]
    if (found === 'elsewhere') return { side: isBelow(path, goingLinks) ? 'missing' : 'other', stats: undefined }
    return { side: parts.has(path) ? 'part' : (sides[index] ?? 'other'), stats: found }
  })
}

/** Where a link is to become a folder, what is to be in that is not there yet. */
function isBelow(path: string, links: ReadonlySet<string>): boolean {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1))
    if (links.has(path.slice(0, end))) return true
  return false
}

/** `elsewhere`: a folder on the way is a symbolic link, so what is found there is not the worktree's. */
async function lookAt(worktree: string, path: string): Promise<BigIntStats | 'elsewhere' | undefined> {
  const names = path.split('/')
  for (let depth = 1; depth < names.length; depth += 1) {
    const parent = await findStats(join(worktree, ...names.slice(0, depth)))
    if (parent?.isDirectory() !== true) return parent?.isSymbolicLink() === true ? 'elsewhere' : undefined
  }
  return findStats(join(worktree, path))
}

export function findStats(path: string): Promise<BigIntStats | undefined> {
  return lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw error
  })
}

function isFile(found: BigIntStats | 'elsewhere' | undefined): boolean {
  return typeof found === 'object' && found.isFile()
}

function sideOf({ from, to }: TreeChange, oid: string | undefined, modes: readonly string[]): Side {
  const isIt = (entry: TreeEntry | null): boolean => entry !== null && entry.oid === oid && modes.includes(entry.mode)
  return isIt(to) ? 'to' : isIt(from) ? 'from' : 'other'
}

/** Where the file system has no executable files, git goes by its index. */
async function tellsModes(git: Git, worktree: string): Promise<boolean> {
  const args = ['config', '--type=bool', '--get', 'core.fileMode']
  return (await git.run(args, { cwd: worktree, accept: [0, 1] })).stdout.trim() !== 'false'
}

async function hashLink(file: string, { from, to }: TreeChange): Promise<string> {
  const bytes = await readlink(file, { encoding: 'buffer' })
  const algorithm = (from ?? to)?.oid.length === 64 ? 'sha256' : 'sha1'
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** What git would store each file as. */
async function hashFiles(git: Git, worktree: string, paths: readonly string[]): Promise<Map<string, string>> {
  const plain = paths.filter((path) => !path.includes('\n') && !path.startsWith('"'))
  const at = { cwd: worktree }
  const output = plain.length === 0 ? '' : await git.read(['hash-object', '--stdin-paths'], { ...at, input: plain.join('\n') })
  const hashes = new Map(output.split('\n').flatMap((oid, index) => (oid === '' ? [] : [[plain[index] ?? '', oid] as const])))
  // one a line is how git takes them, so a name of two lines goes alone
  for (const path of paths) if (!hashes.has(path)) hashes.set(path, await git.readLine(['hash-object', '--', path], at))
  return hashes
}

async function findParts(
  git: Git,
  worktree: string,
  commit: string,
  name: 'from' | 'to',
  doubtful: readonly TreeChange[],
  parts: Set<string>,
): Promise<void> {
  const files = doubtful.flatMap((change) => {
    const entry = change[name]
    return entry?.mode.startsWith('100') === true && !parts.has(change.path) ? [{ path: change.path, entry }] : []
  })
  if (files.length === 0) return
  await withScratchCheckout(git.at(worktree), commit, files, async (folder) => {
    for (const { path } of files) {
      const [present, whole] = await Promise.all([readFile(join(worktree, path)), readFile(join(folder, path))])
      if (whole.subarray(0, present.length).equals(present)) parts.add(path)
    }
  })
}
