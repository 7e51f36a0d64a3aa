import { type FileHandle, mkdir, open, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { reachFailpoint } from './failpoint.ts'

/**
 * Replaces a file as a whole: readers see the old bytes or the new ones, never a part, also after a power cut.
 * Written aside, checked for its size, synced, renamed, and the directory synced; one that is not there is made, but for `makeDirectory: false`.
 * `asideIn`: a directory for what is being written, where that is on the same file system.
 * `guard` is called right before the new bytes take the place of the old: what it throws leaves those there.
 * @throws the file system's error; the old file is then still there, unchanged.
 */
export async function replaceFile(
  file: string,
  content: string | Uint8Array,
  options: { mode?: number; makeDirectory?: boolean; asideIn?: string; guard?: () => Promise<void> } = {},
): Promise<void> {
  // 5 ms that hooks with nothing to write can do without
  const { randomBytes } = await import('node:crypto')
  const directory = dirname(file)
  if (options.makeDirectory !== false) await mkdir(directory, { recursive: true })
  const mode =
    options.mode ??
    (await stat(file).then(
      (stats) => stats.mode & 0o777,
      () => 0o644,
    ))
  const aside = join(options.asideIn ?? directory, `.${basename(file)}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const name = basename(file)
  try {
    reachFailpoint(`write:${name}`)
    const handle = await open(aside, 'wx', mode)
    try {
      await writeWhole(handle, bytes, name)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await options.guard?.()
    reachFailpoint(`replace:${name}`)
    await rename(aside, file)
  } catch (error) {
    await unlink(aside).catch(() => {})
    const { asideIn, ...beside } = options
    if (asideIn !== undefined && (error as NodeJS.ErrnoException).code === 'EXDEV') return replaceFile(file, content, beside)
    throw error
  }
  await syncDirectory(directory)
}

/** A nearly full disk takes part of the bytes and says so only in the count it returns. */
async function writeWhole(handle: FileHandle, bytes: Uint8Array, name: string): Promise<void> {
  let offset = 0
  if (reachFailpoint(`bytes:${name}`) === 'short') {
    await handle.write(bytes, 0, bytes.length >> 1)
    throw Object.assign(new Error(`ENOSPC: failpoint bytes:${name}`), { code: 'ENOSPC' })
  }
  while (offset < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, offset, bytes.length - offset)
    if (bytesWritten === 0) throw new Error('no space left: the file system took no byte')
    offset += bytesWritten
  }
  const { size } = await handle.stat()
  if (size !== bytes.length) throw new Error(`the file system kept ${size} of ${bytes.length} bytes`)
}

async function syncDirectory(directory: string): Promise<void> {
  // Not every platform can open a directory; the rename is then as durable as it gets.
  const handle = await open(directory, 'r').catch(() => undefined)
  if (handle === undefined) return
  await handle.sync().catch(() => {})
  await handle.close()
}
