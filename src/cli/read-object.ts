import type { Readable } from 'node:stream'

/** Characters of standard input that are read at most. A file that an agent writes whole comes along. */
const mostInput = 32 * 1024 * 1024

type Fields = Readonly<Record<string, unknown>>

/**
 * The JSON object an agent writes to standard input; not waited for its end where it is whole, because not every agent closes the pipe. An
 * empty one for anything else, and for what a terminal is. The stream stays open: whoever asked ends the process, or destroys it.
 * @param patience milliseconds to wait for one who writes nothing.
 */
export function readObject(stream: Readable & { readonly isTTY?: boolean }, patience: number): Promise<Fields> {
  if (stream.isTTY === true) return Promise.resolve({})
  // by its events: a loop over the stream takes 5 ms more, and agents' hooks are started many times a minute
  return new Promise((resolve) => {
    const decoder = new TextDecoder()
    let text = ''
    const settle = (fields: Fields | undefined): void => {
      clearTimeout(timer)
      stream.pause()
      resolve(fields ?? {})
    }
    const timer = setTimeout(() => settle(parse(text)), patience)
    stream.on('data', (chunk: Buffer) => {
      text += decoder.decode(chunk, { stream: true })
      if (text.length > mostInput) settle(undefined)
      const fields = text.trimEnd().endsWith('}') ? parse(text) : undefined
      if (fields !== undefined) settle(fields)
    })
    stream.on('end', () => settle(parse(text)))
    // a pipe that breaks has said nothing more
    stream.on('error', () => settle(parse(text)))
  })
}

function parse(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
