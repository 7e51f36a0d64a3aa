import { chmod, mkdir, open, symlink } from 'node:fs/promises'
import type { Git } from '../git.ts'
import { placeOf } from './byte-path.ts'
import type { CapturedEntry } from './metadata.ts'
import { readBlobs } from './read-blobs.ts'

/** Makes folders, files and links below a root that is there and empty, with their modes. Nothing that is there is overwritten. */
export async function writeEntries(git: Git, root: string, entries: readonly CapturedEntry[]): Promise<void> {
  const folders = entries.filter(({ type }) => type === 'directory')
  for (const { path } of folders) await mkdir(placeOf(root, path), { mode: 0o700 })
  const users = new Map<string, CapturedEntry[]>()
  for (const entry of entries) {
    if (entry.oid === null) continue
    const list = users.get(entry.oid)
    if (list === undefined) users.set(entry.oid, [entry])
    else list.push(entry)
  }
  await readBlobs(git, [...users.keys()], async (oid, bytes) => {
    for (const entry of users.get(oid) ?? []) await writeEntry(root, entry, bytes)
  })
  // from the inside: a folder nobody may write in is closed when it is complete
  for (const { path, mode } of folders.toReversed()) await chmod(placeOf(root, path), mode)
}

async function writeEntry(root: string, { path, type, mode }: CapturedEntry, bytes: Uint8Array): Promise<void> {
  const place = placeOf(root, path)
  if (type === 'link') return symlink(Buffer.from(bytes), place)
  const handle = await open(place, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.chmod(mode)
  } finally {
    await handle.close()
  }
}
