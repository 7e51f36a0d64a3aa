import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readlink } from 'node:fs/promises'
import { placeOf } from './byte-path.ts'
import { stampOf, type WalkedEntry } from './walk-tree.ts'

/** How a repository names its objects. */
export type ObjectFormat = 'sha1' | 'sha256'

const chunkSize = 1 << 20

/**
 * The bytes of a file or of a link's target as git stores them, no filter applied: always exactly `entry.size` of them, for the length has
 * to be said before them. `finish` gives the name of the object they make, undefined when the file was not the same from the first byte to the last.
 */
export function readRaw(
  root: string,
  entry: WalkedEntry,
  format: ObjectFormat,
): { chunks: AsyncIterable<Uint8Array>; finish: () => string | undefined } {
  const hash = startBlob(format, entry.size)
  let isWhole = false
  async function* read(): AsyncIterable<Uint8Array> {
    let left = entry.size
    try {
      for await (const bytes of entry.type === 'link' ? readTarget(root, entry) : readFile(root, entry)) {
        if (bytes.length > left) throw new Error('longer than it was')
        left -= bytes.length
        hash.update(bytes)
        yield bytes
      }
      isWhole = left === 0
    } catch {
      isWhole = false
    }
    for (; left > 0; left -= chunkSize) yield Buffer.alloc(Math.min(left, chunkSize))
  }
  return { chunks: read(), finish: () => (isWhole ? hash.digest('hex') : undefined) }
}

/** The name git would give the bytes of a file; undefined when it could not be read as it was found. */
export async function nameRaw(root: string, entry: WalkedEntry, format: ObjectFormat): Promise<string | undefined> {
  const { chunks, finish } = readRaw(root, entry, format)
  for await (const _ of chunks);
  return finish()
}

function startBlob(format: ObjectFormat, size: number): Hash {
  return createHash(format).update(`blob ${size}\0`)
}

async function* readTarget(root: string, entry: WalkedEntry): AsyncIterable<Uint8Array> {
  yield await readlink(placeOf(root, entry.path), { encoding: 'buffer' })
}

async function* readFile(root: string, entry: WalkedEntry): AsyncIterable<Uint8Array> {
  const length = Math.min(entry.size + 1, chunkSize)
  // a fifo put in its place meanwhile must not be waited for, nor a link be followed
  const handle = await open(
    placeOf(root, entry.path),
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, null)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
    if (stampOf(entry.path, await handle.stat({ bigint: true })) !== entry.stamp) throw new Error('written meanwhile')
  } finally {
    await handle.close()
  }
}
