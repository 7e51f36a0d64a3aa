import { type JournalEntry, loadJournal, writeJournal } from '../../operations/journal.ts'
import { withLock } from '../../operations/lock.ts'
import { probeLiveness, type ProcessIdentity } from '../../operations/process-identity.ts'
import { type Context, commonDirOf } from '../context.ts'

/**
 * Makes interrupted operations this process's own, all at once, so that of two that find them one settles them: what works on them is then
 * no orphan, and what is done without the lock is done once. Where that cannot be written down, on a full disk say, it does so all the same.
 * @returns those that did not come to their end meanwhile, and that no other process is at.
 */
export async function takeOver(
  context: Context,
  entries: readonly JournalEntry[],
  own: ProcessIdentity,
): Promise<readonly JournalEntry[]> {
  const commonDir = commonDirOf(context)
  if (entries.length === 0) return []
  const lock = { operation: 'take over what was interrupted', waitMs: context.lockWaitMs ?? 5_000, signal: context.signal }
  return withLock(commonDir, lock, async () => {
    const present = new Map((await loadJournal(commonDir)).entries.map((entry) => [entry.op, entry]))
    const taken: JournalEntry[] = []
    for (const entry of entries) {
      const now = present.get(entry.op)
      if (now === undefined) continue
      const isSame = JSON.stringify(now.owner) === JSON.stringify(entry.owner)
      if (!isSame && (await probeLiveness(now.owner, own)) !== 'dead') continue
      await writeJournal(commonDir, { ...now, owner: own }).catch(() => {})
      taken.push(entry)
    }
    return taken
  })
}

/** What could not be settled is for the next command again, as long as this process may live. */
export async function giveBack(commonDir: string, entry: JournalEntry): Promise<void> {
  const isThere = (await loadJournal(commonDir)).entries.some(({ op }) => op === entry.op)
  if (isThere) await writeJournal(commonDir, entry).catch(() => {})
}
