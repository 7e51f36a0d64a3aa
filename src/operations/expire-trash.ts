import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as z from 'zod/mini'
import { purgeTrash, type TrashItem } from './trash.ts'

const itemSchema = z.object({
  version: z.literal(1),
  trash: z.string(),
  id: z.string(),
  at: z.string(),
  reason: z.string(),
  branch: z.nullable(z.string()),
  head: z.nullable(z.string()),
  ref: z.string(),
  path: z.string(),
  from: z.string(),
  gitDir: z.string(),
})

const day = 24 * 60 * 60 * 1000

/**
 * Deletes the folders of worktrees that have been in the trash for `days` days; their snapshots stay. One that holds a repository of
 * its own stays too: a snapshot cannot hold that.
 * @returns the names of the entries that went.
 */
export async function expireTrash(commonDir: string, days: number, now: Date): Promise<string[]> {
  const gone: string[] = []
  for (const item of await loadTrash(commonDir)) {
    const age = now.getTime() - Date.parse(item.at)
    if (!(age >= days * day) || (await holdsRepository(item.path))) continue
    await purgeTrash(commonDir, item)
    gone.push(item.trash)
  }
  return gone
}

/** Every readable entry of the trash; one that is not exactly an entry is left alone. */
export async function loadTrash(commonDir: string): Promise<TrashItem[]> {
  const directory = join(commonDir, 'flightrules', 'trash')
  const names = await readdir(directory).catch(() => [])
  const items = await Promise.all(
    names.map(async (name) => {
      try {
        const item = z.parse(itemSchema, JSON.parse(await readFile(join(directory, name), 'utf8')))
        return item.trash === basename(name, '.json') ? [item] : []
      } catch {
        return []
      }
    }),
  )
  return items.flat()
}

/** A `.git` anywhere below the folder's own. What cannot be read counts as one. */
async function holdsRepository(path: string): Promise<boolean> {
  try {
    const entries = await readdir(path, { recursive: true })
    return entries.some((entry) => basename(entry) === '.git' && entry !== '.git')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
