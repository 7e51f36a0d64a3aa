import type { Readable } from 'node:stream'

/**
 * What comes on standard input until its end, or so many bytes of it.
 * @throws what the signal says, when it comes before.
 */
export async function readInput(stream: Readable, limit: number, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted()
  const stop = (): void => void stream.destroy(signal.reason as Error)
  signal.addEventListener('abort', stop, { once: true })
  try {
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer)
      length += (chunk as Buffer).length
      if (length >= limit) break
    }
    return Buffer.concat(chunks).subarray(0, limit)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
