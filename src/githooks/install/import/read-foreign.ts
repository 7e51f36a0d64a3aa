import { isUtf8 } from 'node:buffer'
import { join } from 'node:path'
import { parse as parseToml } from 'smol-toml'
import type * as z from 'zod'
import { FlightRulesError } from '../../../errors.ts'
import { readRegularFile } from '../../../files/read-regular-file.ts'
import { findSymlink } from '../../../setup/contained-path.ts'

/** Bytes; nobody's setup comes near it. */
const largest = 1 << 20

/**
 * Another tool's file as data of this shape. It came with the repository: what is behind a link, too large, no text or of another shape is
 * refused whole.
 * @throws FlightRulesError IMPORT_UNREADABLE, which names the file and what is wrong with it.
 */
export async function readForeign<T>(main: string, file: string, shape: z.ZodType<T>): Promise<T> {
  const link = await findSymlink(main, file)
  if (link !== undefined) throw unreadable(file, `${link} is a link, and what it leads to is not of this repository`)
  const content = await readData(join(main, file), file)
  const parsed = shape.safeParse(content)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.') || 'it'}: ${message}`)
  throw unreadable(file, problems.join('; '))
}

async function readData(path: string, file: string): Promise<unknown> {
  try {
    const bytes = await readRegularFile(path, largest)
    if (!isUtf8(bytes) || bytes.includes(0)) throw new Error('it is no text')
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
    return file.endsWith('.toml') ? parseToml(text) : JSON.parse(text)
  } catch (error) {
    throw unreadable(file, (error as Error).message.split('\n')[0] ?? '')
  }
}

function unreadable(file: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'IMPORT_UNREADABLE',
    message: `${file} cannot be taken over: ${why}; nothing was changed`,
    hint: `mend ${file}, or leave it out: flightrules init --import <the other tools, with commas between>`,
    details: { file },
  })
}
