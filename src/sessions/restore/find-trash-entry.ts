import { FlightRulesError } from '../../errors.ts'
import { foldName } from '../name.ts'
import type { TrashEntry } from './trash-entries.ts'

/**
 * The entry of that name, else the newest of the session of that name.
 * @throws FlightRulesError TRASH_NOT_FOUND.
 */
export function requireTrashEntry(entries: readonly TrashEntry[], name: string): TrashEntry {
  const found = findTrashEntries(entries, name).at(-1)
  if (found !== undefined) return found
  const ids = [...new Set(entries.toReversed().map(({ item }) => item.id))]
  throw new FlightRulesError({
    kind: 'usage',
    code: 'TRASH_NOT_FOUND',
    message: `there is nothing called ${JSON.stringify(name)} in the trash`,
    hint:
      ids.length === 0
        ? 'nothing is in the trash'
        : `in the trash: ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ', …' : ''}`,
    details: { name, ids },
  })
}

/** All entries of a session, or the one of that very name, oldest first. */
export function findTrashEntries(entries: readonly TrashEntry[], name: string): TrashEntry[] {
  const exact = entries.filter(({ item }) => item.trash === name)
  return exact.length > 0 ? exact : entries.filter(({ item }) => foldName(item.id) === foldName(name))
}
