import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { entryFile, type JournalEntry, loadJournal } from '../../operations/journal.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { commonDirOf } from '../context.ts'
import { recoverOperations } from '../recover/recover-operations.ts'
import { type CleanupFinder, type CleanupTask, nothing } from './cleanup-task.ts'

/** Operations whose process is gone, or out of sight, and files of the journal that were set aside. What is under way is nobody's leftover. */
export const findInterrupted: CleanupFinder = async ({ context, findings }) => {
  const commonDir = commonDirOf(context)
  const [{ entries }, own, aside] = await Promise.all([loadJournal(commonDir), readOwnIdentity(), listQuarantined(commonDir)])
  const tasks: CleanupTask[] = []
  for (const entry of entries) {
    const liveness = await probeLiveness(entry.owner, own)
    if (liveness === 'alive') continue
    const about = { id: entry.op, kind: 'interrupted' as const }
    const failed = findings.find(({ code, details }) => code === 'RECOVERY_FAILED' && details?.['op'] === entry.op)
    if (liveness === 'unknown')
      tasks.push({
        ...about,
        ...nothing,
        evidence: `${nameOf(entry)} is under way in process ${entry.owner.pid} on ${entry.owner.host}, or was when it stopped`,
        action: 'left alone: nobody can tell from here; run any flightrules command there',
        verdict: 'leave',
      })
    else if (failed !== undefined)
      tasks.push({
        ...about,
        ...nothing,
        evidence: failed.message,
        action: `left as it is: ${failed.hint ?? 'the next command tries again'}`,
        verdict: 'leave',
      })
    else
      tasks.push({
        ...about,
        evidence: `${nameOf(entry)} was interrupted`,
        action: 'finish it or take it back, as every command but a preview does',
        verdict: 'safe',
        preview: async () => [{ kind: 'recover', operation: entry.kind, op: entry.op, undo: 'none needed' }],
        carryOut: async () => ({ trash: null, findings: await recoverOperations(context) }),
      })
  }
  return [
    ...tasks,
    ...aside.map((file) => ({
      ...nothing,
      id: file,
      kind: 'interrupted' as const,
      evidence: `${file} was in the journal and is no entry of ours, so it was set aside and never acted on`,
      action: 'left alone: look at it, then delete it yourself',
      verdict: 'leave' as const,
    })),
  ]
}

/** What recovering did before the command itself began. */
export function listRecovered({ findings }: Pick<Parameters<CleanupFinder>[0], 'findings'>): { id: string; evidence: string }[] {
  return findings.flatMap(({ code, message, details }) =>
    code === 'RECOVERED' ? [{ id: String(details?.['op']), evidence: message }] : [],
  )
}

function nameOf({ kind, facts }: JournalEntry): string {
  return typeof facts['id'] === 'string' ? `${kind} of ${facts['id']}` : kind
}

async function listQuarantined(commonDir: string): Promise<string[]> {
  const directory = join(dirname(entryFile(commonDir, 'x')), 'quarantine')
  return (await readdir(directory).catch(() => [])).map((name) => join(directory, name))
}
