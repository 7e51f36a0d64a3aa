import { access, readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { loadTrash, type TrashItem } from '../../operations/trash/item.ts'
import { formatBytes } from '../../ui/bytes.ts'
import { type Check, ok, warn } from '../check.ts'
import { measureFolder } from '../../files/measure-folder.ts'

/** Milliseconds for adding up sizes; a trash full of dependencies has a million files. */
const patience = 400

/** What was put away: whether it can be read, is still there, and how much room it takes. */
export const trash: Check = {
  id: 'trash',
  group: 'operations',
  async run({ commonDir }) {
    const directory = join(commonDir, 'flightrules', 'trash')
    const [items, names] = await Promise.all([loadTrash(commonDir), readdir(directory).catch(() => [])])
    const known = new Set(items.map((item) => item.trash))
    const unreadable = names.filter(
      (name) => name.endsWith('.json') && !name.startsWith('.') && !known.has(basename(name, '.json')),
    )
    const lost = await findLost(items)
    const found = [
      ...unreadable.map((name) =>
        warn(
          `${join(directory, name)} is no entry of the trash that can be read; its snapshot, if there is one, is below refs/flightrules/trash`,
          `cat ${quoteForShell(join(directory, name))}`,
        ),
      ),
      ...lost.map(({ id, path, trash: name }) =>
        warn(
          `the folder of ${id} is not in the trash any more (${path}); its snapshot is left`,
          `flightrules restore ${id} --trash ${name}`,
        ),
      ),
    ]
    if (found.length > 0) return found
    if (items.length === 0) return ok('the trash is empty')
    const deadline = performance.now() + patience
    let bytes = 0
    let isComplete = true
    for (const { path } of items) {
      const size = await measureFolder(path, deadline)
      bytes += size.bytes
      isComplete &&= size.complete
    }
    return ok(
      `the trash holds ${items.length === 1 ? '1 worktree' : `${items.length} worktrees`}, ${isComplete ? '' : 'more than '}${formatBytes(bytes)}`,
    )
  },
}

async function findLost(items: readonly TrashItem[]): Promise<TrashItem[]> {
  const lost = await Promise.all(
    items.map(async (item) => {
      if (item.state === 'purged' || item.state === 'purging') return []
      return access(item.path).then(
        () => [],
        (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? [item] : []),
      )
    }),
  )
  return lost.flat()
}
