import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'

/**
 * The random id of this copy of the repository; undefined where it has none yet, or one that is none. A clone made anew at the same
 * path has another.
 */
export async function findRepositoryId(commonDir: string): Promise<string | undefined> {
  const text = await readFile(idFile(commonDir), 'utf8').catch(() => '')
  return /^[0-9a-f]{32}\n$/.test(text) ? text.trimEnd() : undefined
}

/** The same, made where there is none: of several who make one at once all get the same. @throws the file system's error. */
export async function ensureRepositoryId(commonDir: string): Promise<string> {
  const known = await findRepositoryId(commonDir)
  if (known !== undefined) return known
  const file = idFile(commonDir)
  const text = `${randomBytes(16).toString('hex')}\n`
  await mkdir(join(commonDir, 'flightrules'), { recursive: true })
  const created = await createWhole(file, text)
  const winner = created ? undefined : await findRepositoryId(commonDir)
  if (winner !== undefined) return winner
  // what is there is no id, so nothing is bound to it
  if (!created) await replaceFile(file, text, { mode: 0o600 })
  return text.trimEnd()
}

/** Creates a file that is never there in part. False where there is one already. */
async function createWhole(file: string, text: string): Promise<boolean> {
  const aside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}.tmp`
  await writeFile(aside, text, { flag: 'wx', mode: 0o600 })
  try {
    await link(aside, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    // no hard links on this file system
    return await writeFile(file, text, { flag: 'wx', mode: 0o600 }).then(
      () => true,
      () => false,
    )
  } finally {
    await unlink(aside)
  }
}

function idFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'id')
}
