import type { PathChange } from '../git/path-changes.ts'

/** What one side changed since it parted from the other, in layers: what is committed, once for each merge base, and what is not. */
export type Changes = readonly ChangeLayer[]

export interface ChangeLayer {
  /** Every path, a renamed file with both names. */
  readonly paths: ReadonlySet<string>
  /** Folders that paths which were not there are in, and those around them. */
  readonly addedIn: ReadonlySet<string>
  /** Folders that lost a file, and those around them: it may have been moved. */
  readonly movedFrom: ReadonlySet<string>
  /** Files that were moved: the new name and the old one, as far as git was asked. */
  readonly moved: readonly (readonly [to: string, from: string])[]
  readonly gone: ReadonlySet<string>
  /** Paths that were not there, by what they are where case is not told apart. */
  readonly added: ReadonlyMap<string, string>
  /** Those that were there and still are, likewise. */
  readonly modified: ReadonlyMap<string, string>
}

/** Paths that differ in a working tree; which of them are one file that was moved nobody has asked git yet. */
export interface DirtyPaths {
  readonly paths: readonly string[]
  readonly deleted: readonly string[]
  /** Paths the commit does not have. */
  readonly added: readonly string[]
}

export function collectChanges(changes: readonly PathChange[]): ChangeLayer {
  const pathsThat = (...kinds: readonly PathChange['how'][]): string[] =>
    changes.flatMap(({ path, how }) => (kinds.includes(how) ? [path] : []))
  const moved = changes.flatMap(({ path, from }) => (from === undefined ? [] : [[path, from] as const]))
  const added = pathsThat('added', 'renamed')
  return {
    ...makeLayer(added, pathsThat('modified'), [...pathsThat('deleted'), ...moved.map(([, from]) => from)]),
    addedIn: foldersOf(added),
    moved,
  }
}

/** What is only known by name counts as everything it may turn out to be, but for what git said itself. */
export function collectDirty({ paths, deleted, added }: DirtyPaths): ChangeLayer {
  const [gone, fresh] = [new Set(deleted), new Set(added)]
  const there = paths.filter((path) => !gone.has(path))
  const isNew = (path: string): boolean => fresh.has(path)
  const old = there.filter((path) => !isNew(path))
  return { ...makeLayer(there.filter(isNew), old, deleted), addedIn: foldersOf(there), moved: [] }
}

function makeLayer(
  added: readonly string[],
  modified: readonly string[],
  gone: readonly string[],
): Omit<ChangeLayer, 'addedIn' | 'moved'> {
  return {
    paths: new Set([...added, ...modified, ...gone]),
    movedFrom: foldersOf(gone),
    gone: new Set(gone),
    added: foldEach(added),
    modified: foldEach(modified),
  }
}

function foldEach(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [foldCase(path), path]))
}

/** Paths both changed, and where a file of one is a folder of the other, the file. Sorted. */
export function findOverlap(a: Changes, b: Changes): string[] {
  const both = [
    ...intersect(a, b, pathsOf, pathsOf),
    ...intersect(a, b, pathsOf, ({ addedIn }) => addedIn),
    ...intersect(a, b, ({ addedIn }) => addedIn, pathsOf),
  ]
  return [...new Set(both)].sort()
}

/**
 * Folders one put files in and the other took files out of. git moves a new file along with a folder that was moved, and asks when it does: a
 * conflict although no path is in both.
 */
export function findMovedFolders(a: Changes, b: Changes): string[] {
  return [
    ...intersect(
      a,
      b,
      ({ addedIn }) => addedIn,
      ({ movedFrom }) => movedFrom,
    ),
    ...intersect(
      a,
      b,
      ({ movedFrom }) => movedFrom,
      ({ addedIn }) => addedIn,
    ),
  ]
}

const pathsOf = ({ paths }: ChangeLayer): ReadonlySet<string> => paths

type Pick = (layer: ChangeLayer) => ReadonlySet<string>

function intersect(a: Changes, b: Changes, ofA: Pick, ofB: Pick): string[] {
  return pairLayers(a, b).flatMap(([one, other]) => {
    const [first, second] = [ofA(one), ofB(other)]
    const [few, many] = first.size < second.size ? [first, second] : [second, first]
    return [...few].filter((entry) => many.has(entry))
  })
}

export function pairLayers(a: Changes, b: Changes): (readonly [ChangeLayer, ChangeLayer])[] {
  return a.flatMap((one) => b.map((other) => [one, other] as const))
}

/**
 * The folders of every path that merging the two could write, sorted: those of what both changed, and where something was moved those of
 * everything that may have come from elsewhere.
 */
export function listMergedFolders(a: Changes, b: Changes, overlap: readonly string[]): string[] {
  const layers = [...a, ...b]
  const isMoved = layers.some(({ gone }) => gone.size > 0)
  const added = isMoved ? layers.flatMap(({ addedIn }) => [...addedIn]) : []
  return [...new Set([...foldersOf(overlap), ...added])].sort()
}

/** Every folder around these paths. */
function foldersOf(paths: readonly string[]): Set<string> {
  const folders = new Set<string>()
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  }
  return folders
}

function foldCase(path: string): string {
  return path.normalize('NFC').toLowerCase()
}
