import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { hasFields, isOneOf, isText, orNull } from '../files/shape.ts'
import { purgeTrash, type TrashItem } from './trash.ts'

const isItem = hasFields({
  version: isOneOf(1),
  trash: isText,
  id: isText,
  at: isText,
  reason: isText,
  branch: orNull(isText),
  head: orNull(isText),
  ref: isText,
  path: isText,
  from: isText,
  gitDir: isText,
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
    if (!(age >= days * day) || (await holdsRepository(item))) continue
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
        const content: unknown = JSON.parse(await readFile(join(directory, name), 'utf8'))
        if (!isItem(content)) return []
        const item = content as TrashItem
        return item.trash === basename(name, '.json') ? [item] : []
      } catch {
        return []
      }
    }),
  )
  return items.flat()
}

/** A repository of its own inside: a `.git` anywhere below the folder's, or a submodule's. What cannot be read counts as one. */
export async function holdsRepository({ path, gitDir }: Pick<TrashItem, 'path' | 'gitDir'>): Promise<boolean> {
  try {
    if ((await readdir(gitDir)).includes('modules')) return true
    const entries = await readdir(path, { recursive: true })
    return entries.some((entry) => basename(entry) === '.git' && entry !== '.git')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}
