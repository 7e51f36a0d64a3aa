import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { removeAsides } from '../../files/remove-asides.ts'
import type { Git } from '../../git/git.ts'
import { closeJournal, type Facts, type JournalEntry, loadJournal, writeJournal } from '../../operations/journal.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import type { InitPlan } from './init-plan.ts'
import { InitLog } from './init-log.ts'
import { loadInitRecord } from './init-record.ts'
import { readFolders, readLocalHooksPath } from './run-installer.ts'

export type InitKind = 'init' | 'init-remove'

/** Keeps an entry in the journal while `init` or its removal is at work. What fails is said to whoever called, and is over. */
export async function journaledInit<T>(commonDir: string, kind: InitKind, facts: Facts, work: () => Promise<T>): Promise<T> {
  const op = randomUUID()
  const owner = await readOwnIdentity()
  await writeJournal(commonDir, { version: 1, op, kind, at: new Date().toISOString(), owner, steps: [], facts })
  try {
    return await work()
  } finally {
    await closeJournal(commonDir, op)
  }
}

/** What was there before an `init`, as far as its own record would not tell after a kill. */
export async function readInitFacts(git: Git, plan: InitPlan): Promise<Facts> {
  const folders = plan.steps.flatMap((step) => (step.kind === 'run' ? step.writes : []))
  const before = [...(await readFolders(folders))].map(([file, bytes]) => [file, bytes.toString('base64')])
  return {
    // one that was set up before is only brought up to date: each file is the old or the new one
    isFirst: (await loadInitRecord(plan.commonDir)) === undefined,
    main: plan.main,
    folders,
    before: Object.fromEntries(before) as Record<string, string>,
    hooksPath: await readLocalHooksPath(git.at(plan.main)),
  }
}

/** Notes what an installer wrote before its `init` died, so that it can be taken out like everything else. */
export async function noteInstallerWork(
  git: Git,
  main: string,
  commonDir: string,
  { facts, owner }: JournalEntry,
): Promise<void> {
  const folders = Array.isArray(facts['folders']) ? facts['folders'].filter((one) => typeof one === 'string') : []
  const before = facts['before'] as Readonly<Record<string, unknown>> | undefined
  const log = await InitLog.open(main, commonDir)
  await removeAsides([join(commonDir, 'flightrules'), ...log.directories()], new Set([owner.pid]))
  for (const [file, bytes] of await readFolders(folders)) {
    const old = before?.[file]
    const oldBytes = typeof old === 'string' ? Buffer.from(old, 'base64') : null
    if (oldBytes === null || Buffer.compare(oldBytes, bytes) !== 0) await log.noteWrite(file, oldBytes, bytes, null)
  }
  const hooksPath = facts['hooksPath']
  if (hooksPath === null || typeof hooksPath === 'string') {
    await log.noteHooksPath(hooksPath, await readLocalHooksPath(git.at(main)))
  }
}

/** Entries of an `init` whose process is gone. */
export async function findInterruptedInits(commonDir: string): Promise<JournalEntry[]> {
  const { entries } = await loadJournal(commonDir)
  const inits = entries.filter(({ kind }) => kind === 'init' || kind === 'init-remove')
  if (inits.length === 0) return []
  const own = await readOwnIdentity()
  const liveness = await Promise.all(inits.map(({ owner }) => probeLiveness(owner, own)))
  return inits.filter((_entry, index) => liveness[index] === 'dead')
}

/** `init` itself goes on from where an earlier one died. */
export async function takeOverInterruptedInits(git: Git, main: string, commonDir: string): Promise<void> {
  for (const entry of await findInterruptedInits(commonDir)) {
    if (entry.kind === 'init') await noteInstallerWork(git, main, commonDir, entry)
    await closeJournal(commonDir, entry.op)
  }
}
