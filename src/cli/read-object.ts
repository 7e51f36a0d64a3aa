import type { Readable } from 'node:stream'

/** Characters of standard input that are read at most. A file that an agent writes whole comes along. */
const mostInput = 32 * 1024 * 1024

/**
 * The JSON object an agent writes to standard input; not waited for its end where it is whole, because not every agent closes the pipe. An
 * empty one for anything else, and for what a terminal is.
 * @param patience milliseconds to wait for one who writes nothing.
 */
export async function readObject(
  stream: Readable & { readonly isTTY?: boolean },
  patience: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (stream.isTTY === true) return {}
  const decoder = new TextDecoder()
  const timer = setTimeout(() => stream.destroy(), patience)
  let text = ''
  try {
    for await (const chunk of stream) {
      text += decoder.decode(chunk as Buffer, { stream: true })
      if (text.length > mostInput) return {}
      const fields = text.trimEnd().endsWith('}') ? parse(text) : undefined
      if (fields !== undefined) return fields
    }
  } catch {
    // a pipe that breaks has said nothing
  } finally {
    clearTimeout(timer)
  }
  return parse(text) ?? {}
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
