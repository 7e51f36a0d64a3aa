import { mkdir, mkdtemp, rm, rmdir, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import type { Git } from './git.ts'
import { toIndexLine } from './scratch-checkout.ts'
import { findStats, type FoundSide, tellSides } from './tell-sides.ts'
import { isReadable, listTreeChanges, type TreeChange, type TreeEntry } from './tree-changes.ts'
import { type IndexEntry, readIndexEntries, updateIndexEntries } from './update-entries.ts'

export interface SettleInput {
  /** Commit or tree the paths come from. */
  readonly from: string
  /** Commit or tree they are to be at. */
  readonly to: string
  /** Commit or tree whose entries the index gets; null where it is the caller's own matter, and is then neither heeded nor changed. Default `to`. */
  readonly index?: string | null
  /** Further commits or trees the index may have its entries from. */
  readonly indexWas?: readonly string[]
  /**
   * What was there before. `stopped`: perhaps a checkout that was stopped, so the beginning of a file is no one's. `whole`: all of `from`, so
   * everything else is somebody's own, and where there is any nothing is changed at all. Default `stopped`.
   */
  readonly before?: 'stopped' | 'whole'
  /** Paths that were found to be somebody's own, which are not even looked at. */
  readonly except?: readonly string[]
}

/** Paths with something of somebody's own, which were left exactly as they are. */
export interface LeftPaths {
  /** The index says what was wanted: a change on top of it. */
  readonly own: readonly string[]
  /** The index does not: a change in the middle of the way. */
  readonly mixed: readonly string[]
}

/**
 * Brings the paths in which two trees differ to the second, in files and index, wherever a checkout between the two was stopped. Doing
 * it again changes nothing. What is neither side's, nor the beginning of one, is somebody's own and is left exactly as it is.
 */
export async function settlePaths(git: Git, worktree: string, input: SettleInput): Promise<LeftPaths> {
  const { from, to } = input
  const { index = to, before = 'stopped', except = [] } = input
  const all = (await listTreeChanges(git, from, to)).filter(({ path }) => !except.includes(path))
  const changes = all.filter(isReadable)
  const staged = await readIndexEntries(git, { cwd: worktree })
  const wanted = index === null ? untouched : await planIndex(git, { from, to, index, was: input.indexWas ?? [] }, staged)
  const present = changes.filter(({ path }) => !wanted.foreign.has(path))
  const sides = await tellSides(git, worktree, { from, to }, present)
  const left = new Set(all.filter((change) => !isReadable(change) || wanted.foreign.has(change.path)).map(({ path }) => path))
  const missing: TreeChange[] = []
  const cleared: TreeChange[] = []
  if (before === 'whole') {
    const changed = present.filter((change, at) => !isAsBefore(change, sides[at], staged.get(change.path)))
    if (changed.length > 0 || changes.length < all.length)
      return { own: [...all.filter((change) => !isReadable(change)), ...changed].map(({ path }) => path), mixed: [] }
  }
  for (const [at, change] of present.entries()) {
    const found = sides[at]
    if (found === undefined || isInPlace(change, found, staged.get(change.path))) continue
    if (found.side === 'other' || !(await clear(worktree, change.path, found))) left.add(change.path)
    else {
      cleared.push(change)
      if (change.to !== null) missing.push(change)
    }
  }
  await removeEmptyFolders(git, worktree, to, cleared)
  for (const path of await writeFiles(git, worktree, { from, to }, missing)) left.add(path)
  for (const path of await makeSubmoduleFolders(worktree, missing)) left.add(path)
  const written = new Set(missing.map(({ path }) => path))
  // with what the index remembers of an old file git would not look into the new one
  const entries = wanted.entries.filter(
    (entry) => isReadable(entry) && !left.has(entry.path) && (entry.isNew || written.has(entry.path)),
  )
  await updateIndexEntries(git, { cwd: worktree }, entries, staged)
  const isMixed = (path: string): boolean =>
    wanted.foreign.has(path) || wanted.entries.some((entry) => entry.isNew && entry.path === path)
  const sorted = [...left].toSorted()
  return { own: sorted.filter((path) => !isMixed(path)), mixed: sorted.filter(isMixed) }
}

function isInPlace({ from, to }: TreeChange, { side }: FoundSide, staged: IndexEntry | undefined): boolean {
  // what is in a submodule's folder is its own matter
  if (isSubmodule(to) && (isSubmodule(from) || side === 'folder')) return true
  if (isSubmodule(from) && to === null && side !== 'folder') return true
  // outside of a sparse checkout nothing is to be there
  if (side === 'missing' && staged?.isSkipped === true) return true
  return side === 'to' || (side === 'missing' && to === null)
}

function isSubmodule(entry: TreeEntry | null): boolean {
  return entry?.mode === '160000'
}

/** As the first tree has it, or as the second: nobody has changed it. */
export function isAsBefore(change: TreeChange, found: FoundSide | undefined, staged: IndexEntry | undefined): boolean {
  if (found === undefined || found.side === 'from' || isInPlace(change, found, staged)) return true
  if (staged?.isSkipped === true) return true
  // a folder whose files all go; what else is in it is found when they do
  return (change.from === null || isSubmodule(change.from)) && (found.side === 'missing' || found.side === 'folder')
}

/** Takes a file away that holds nothing but what a commit has; not one that was changed since it was looked at. */
async function clear(worktree: string, path: string, { side, stats }: FoundSide): Promise<boolean> {
  if (side === 'missing' || side === 'folder') return true
  reachFailpoint('unlink:settled-file')
  const file = join(worktree, path)
  const now = await findStats(file)
  if (now === undefined) return true
  if (now.ino !== stats?.ino || now.mtimeNs !== stats.mtimeNs || now.size !== stats.size || now.ctimeNs !== stats.ctimeNs)
    return false
  await unlink(file)
  return true
}

/** Folders only the other tree has go with their last file, and one of a submodule where that was never filled. */
async function removeEmptyFolders(git: Git, worktree: string, to: string, cleared: readonly TreeChange[]): Promise<void> {
  const emptied = cleared.flatMap(({ path, from }) => [...(isSubmodule(from) ? [path] : []), ...foldersOf(path)])
  const folders = [...new Set(emptied)].toSorted((a, b) => b.length - a.length)
  if (folders.length === 0) return
  const kept = new Set((await git.read(['ls-tree', '-r', '-d', '-z', '--name-only', '--full-tree', to])).split('\0'))
  for (const folder of folders) if (!kept.has(folder)) await rmdir(join(worktree, folder)).catch(() => {})
}

function foldersOf(path: string): string[] {
  const folders: string[] = []
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.push(folder)
  return folders
}

/** As git has them before they are filled. @returns the paths at which something stands in the way by now. */
async function makeSubmoduleFolders(worktree: string, changes: readonly TreeChange[]): Promise<string[]> {
  const inTheWay: string[] = []
  for (const { path, to } of changes) {
    if (!isSubmodule(to)) continue
    reachFailpoint('mkdir:submodule')
    await mkdir(join(worktree, path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'ENOTDIR') throw error
      inTheWay.push(path)
    })
  }
  return inTheWay
}

/** @returns the paths at which something stands in the way by now. */
async function writeFiles(
  git: Git,
  worktree: string,
  trees: { readonly from: string; readonly to: string },
  all: readonly TreeChange[],
): Promise<string[]> {
  const changes = all.filter(({ to }) => !isSubmodule(to))
  if (changes.length === 0) return []
  const files = changes.flatMap(({ path, to }) => (to === null ? [] : [{ path, entry: to }]))
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-index-'))
  try {
    const at = { cwd: worktree, env: { GIT_INDEX_FILE: join(directory, 'index') } }
    await git.run([...quietly, 'update-index', '-z', '--index-info'], { ...at, input: files.map(toIndexLine).join('') })
    const isAttributes = ({ path }: { path: string }): boolean => path.split('/').at(-1) === '.gitattributes'
    for (const some of [files.filter(isAttributes), files.filter((file) => !isAttributes(file))]) {
      const input = some.map(({ path }) => `${path}\0`).join('')
      // without --force it never writes over a file; 1 says that one was there
      if (some.length > 0)
        await git.run([...quietly, 'checkout-index', '--quiet', '-z', '--stdin'], { ...at, input, accept: [0, 1] })
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
  const sides = await tellSides(git, worktree, trees, changes)
  const lost = changes.find((_change, index) => sides[index]?.side === 'missing')
  if (lost !== undefined) throw new Error(`git did not write ${join(worktree, lost.path)}`)
  return changes.filter((_change, index) => sides[index]?.side !== 'to').map(({ path }) => path)
}

interface WantedEntry {
  readonly path: string
  /** null: the path is to be in the index no more. */
  readonly entry: TreeEntry | null
  /** The index says something else yet. */
  readonly isNew: boolean
}

interface Wanted {
  readonly entries: readonly WantedEntry[]
  /** Paths for which somebody staged something else. */
  readonly foreign: ReadonlySet<string>
}

async function planIndex(
  git: Git,
  trees: { from: string; to: string; index: string; was: readonly string[] },
  staged: ReadonlyMap<string, IndexEntry>,
): Promise<Wanted> {
  const known = new Map<string, (TreeEntry | null)[]>()
  const goal = new Map<string, TreeEntry | null>()
  for (const tree of new Set([trees.to, trees.index, ...trees.was])) {
    for (const { path, from, to } of await listTreeChanges(git, trees.from, tree)) {
      known.set(path, [...(known.get(path) ?? [from]), to])
      if (tree === trees.index) goal.set(path, to)
    }
  }
  const entries: WantedEntry[] = []
  const foreign = new Set<string>()
  for (const [path, sides] of known) {
    const now = staged.get(path)
    const isKnown = sides.some((side) => isSame(side, now?.entry ?? null))
    if (now !== undefined && (!now.isSettled || (!isKnown && !isEmptyFile(now.entry)))) foreign.add(path)
    // what no tree but the first speaks of is there as that one has it
    const entry = goal.has(path) ? (goal.get(path) ?? null) : (sides[0] ?? null)
    entries.push({ path, entry, isNew: !isSame(entry, now?.entry ?? null) })
  }
  return { entries: entries.filter(({ path }) => !foreign.has(path)), foreign }
}

const untouched: Wanted = { entries: [], foreign: new Set() }

function isSame(a: TreeEntry | null, b: TreeEntry | null): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode
}

/** Also what `git add --intent-to-add` leaves. */
function isEmptyFile({ oid }: TreeEntry): boolean {
  return /^(?:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391|473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813)$/.test(
    oid,
  )
}

/** The hook of a changed index is for changes somebody makes. */
const quietly = ['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false']
