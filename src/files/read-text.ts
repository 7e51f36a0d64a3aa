import { isUtf8 } from 'node:buffer'
import { lstat, readFile } from 'node:fs/promises'

/** A file's text; undefined when it is not there (or not a file). */
export async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

/** A regular file as it is on disk. */
export interface PresentFile {
  readonly bytes: Uint8Array
  readonly mode: number
  /** undefined when the bytes are no text. */
  readonly text: string | undefined
}

/** What stands at a path: nothing, a regular file, or something that must not be written to (a symlink, a folder). */
export async function readPresent(file: string): Promise<PresentFile | 'other' | undefined> {
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined) return undefined
  if (!stats.isFile()) return 'other'
  const bytes = await readFile(file)
  const isText = isUtf8(bytes) && !bytes.includes(0)
  return { bytes, mode: stats.mode & 0o777, text: isText ? bytes.toString('utf8') : undefined }
}
