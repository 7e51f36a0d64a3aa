import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/**
 * The bytes of a file that somebody else may have put there: only of a regular file (behind links, too), and not of one that is larger
 * than `limit` bytes. A named pipe does not make it wait, a device does not fill the memory.
 * @throws the file system's error, or one that says what it is instead.
 */
export async function readRegularFile(file: string, limit: number): Promise<Buffer> {
  // not every platform has it; where it is missing there are no such pipes either
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) throw new Error('it is no regular file')
    if (stats.size > limit) throw new Error(`it has ${stats.size} bytes; at most ${limit} are read`)
    const bytes = await handle.readFile()
    if (bytes.length > limit) throw new Error(`it has ${bytes.length} bytes; at most ${limit} are read`)
    return bytes
  } finally {
    await handle.close()
  }
}
