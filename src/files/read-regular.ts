import { constants, open } from 'node:fs/promises'

/**
 * The first bytes of a regular file, undefined for anything else: a pipe would keep us waiting, a device never ends.
 * @throws the file system's error when it is not there or may not be read.
 */
export async function readRegular(path: string, limit: number): Promise<Buffer | undefined> {
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) return undefined
    const buffer = Buffer.alloc(Math.min(limit, stats.size))
    let length = 0
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length)
      if (bytesRead === 0) break
      length += bytesRead
    }
    return buffer.subarray(0, length)
  } finally {
    await handle.close()
  }
}
