import type { Git } from '../git.ts'
import { mapSideBySide } from '../../files/side-by-side.ts'
import type { BytePath } from './byte-path.ts'
import { nameRaw, type ObjectFormat, readRaw } from './raw-object.ts'
import type { WalkedEntry } from './walk-tree.ts'

export interface StoredFiles {
  /** Object of each file and link. */
  readonly oids: ReadonlyMap<BytePath, string>
  /** Those that were not in the index as they are. */
  readonly added: ReadonlySet<BytePath>
  /** Written while they were read. */
  readonly changing: readonly BytePath[]
  /** For which there was no room left. */
  readonly left: readonly BytePath[]
}

export interface StoreInput {
  readonly git: Git
  readonly root: string
  readonly format: ObjectFormat
  readonly entries: readonly WalkedEntry[]
  /** Objects that are kept anyway, by the path they are for. */
  readonly kept: ReadonlyMap<BytePath, string>
  /** Bytes that may be added. */
  readonly room: number
}

/**
 * Makes objects of files and links, byte for byte as they lie there. What differs from what is kept anyway goes into one pack, which git
 * syncs to the disk; a file each would be slow, and not be synced.
 */
export async function storeFiles({ git, root, format, entries, kept, room }: StoreInput): Promise<StoredFiles> {
  const contents = entries.filter(({ type }) => type !== 'directory')
  const names = await mapSideBySide(contents, (entry) => nameRaw(root, entry, format))
  const oids = new Map<BytePath, string>()
  const added = new Map<BytePath, WalkedEntry>()
  const changing: BytePath[] = []
  const left: BytePath[] = []
  let size = 0
  for (const [index, entry] of contents.entries()) {
    const oid = names[index]
    if (oid === undefined) changing.push(entry.path)
    else if (kept.get(entry.path) === oid) oids.set(entry.path, oid)
    else if (size + entry.size > room) left.push(entry.path)
    else {
      size += entry.size
      added.set(entry.path, entry)
    }
  }
  const written = await importBlobs(git, [...added.values()], (entry) => readRaw(root, entry, format))
  for (const [path, oid] of written) {
    if (oid === undefined) {
      changing.push(path)
      added.delete(path)
    } else oids.set(path, oid)
  }
  return { oids, added: new Set(added.keys()), changing, left }
}

type Reader = (entry: WalkedEntry) => { chunks: AsyncIterable<Uint8Array>; finish: () => string | undefined }

async function importBlobs(
  git: Git,
  entries: readonly WalkedEntry[],
  read: Reader,
): Promise<ReadonlyMap<BytePath, string | undefined>> {
  const written = new Map<BytePath, string | undefined>()
  if (entries.length === 0) return written
  async function* feed(): AsyncIterable<Uint8Array> {
    for (const entry of entries) {
      yield Buffer.from(`blob\ndata ${entry.size}\n`)
      const { chunks, finish } = read(entry)
      yield* chunks
      yield Buffer.from('\n')
      written.set(entry.path, finish())
    }
    yield Buffer.from('done\n')
  }
  await git.run(['-c', 'fastimport.unpackLimit=0', 'fast-import', '--quiet', '--done'], { input: feed })
  return written
}
