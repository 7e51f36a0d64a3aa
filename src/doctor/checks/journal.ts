import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { entryFile, type JournalEntry, loadJournal } from '../../operations/journal.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { recoverOperations } from '../../sessions/recover/recover-operations.ts'
import { formatAge } from '../../ui/duration.ts'
import { type Check, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Operations that a process left in the middle, and files in the journal that are no operations of ours. */
export const journal: Check = {
  id: 'journal',
  group: 'operations',
  async run(facts) {
    const { commonDir } = facts
    const [{ entries, strange }, own] = await Promise.all([loadJournal(commonDir), readOwnIdentity()])
    const judged = await Promise.all(entries.map(async (entry) => judge(facts, entry, await probeLiveness(entry.owner, own))))
    const found = [
      ...judged.flatMap((verdict) => verdict ?? []),
      ...strange.map(({ file, reason }) =>
        warn(
          `${file} is no entry of the journal: ${reason}; it is never acted on`,
          'flightrules status    sets it aside',
          recover(facts),
        ),
      ),
      ...(await findQuarantined(commonDir)),
    ]
    if (found.length > 0) return found
    return ok(entries.length === 0 ? 'no operation was left unfinished' : `${entries.length} operations are under way`)
  },
}

function judge(
  facts: Facts,
  { kind, at, owner, facts: about }: JournalEntry,
  liveness: 'alive' | 'dead' | 'unknown',
): Verdict | undefined {
  if (liveness === 'alive') return undefined
  const what = typeof about['id'] === 'string' ? `${kind} of ${about['id']}` : kind
  const since = `${what} (process ${owner.pid} on ${owner.host}, ${formatAge(at, facts.now())})`
  if (liveness === 'unknown')
    return warn(`${since} is under way, or was when it stopped; that cannot be seen from here`, 'flightrules unlock')
  return warn(`${since} was interrupted`, 'flightrules status    finishes it or takes it back', recover(facts))
}

function recover(facts: Facts): Repair {
  return {
    step: {
      kind: 'recover-operations',
      directory: dirname(entryFile(facts.commonDir, 'x')),
      undo: 'none needed: what was begun is finished or taken back',
    },
    async apply() {
      const findings = await recoverOperations((await facts.input.open()).context)
      return findings.map(({ message }) => message).join('; ') || 'nothing was left to recover by now'
    },
  }
}

async function findQuarantined(commonDir: string): Promise<Verdict[]> {
  const directory = join(dirname(entryFile(commonDir, 'x')), 'quarantine')
  const names = await readdir(directory).catch(() => [])
  if (names.length === 0) return []
  const message = `${names.length === 1 ? '1 file was' : `${names.length} files were`} set aside from the journal and never acted on: ${directory}`
  return [warn(message, `look at them; once that is settled: rm -i ${quoteForShell(directory)}/*`)]
}
