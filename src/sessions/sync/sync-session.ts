import { randomUUID } from 'node:crypto'
import type { SyncMethod } from '../../config/types.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { withLock } from '../../operations/lock.ts'
import { beginOperation } from '../../operations/operation.ts'
import { type Context, commonDirOf } from '../context.ts'
import { requireStillThere, requireUnclaimed } from '../end/claim-end.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { redactError } from '../session-secrets.ts'
import { findOnto, type Onto } from './find-onto.ts'
import { explainConflicts } from './explain-conflicts.ts'
import { leaveConflicts } from './leave-conflicts.ts'
import { announceSync } from './announce-sync.ts'
import { noteBroughtIn } from './note-brought-in.ts'
import { askSync, type PreparedSync, prepareSync, type SyncQuestion } from './prepare-sync.ts'
import type { SyncInput, Synced, SyncResult } from './sync-input.ts'
import type { SyncFacts } from './sync-facts.ts'
import { makeSyncWork, syncOperation, syncSteps, type SyncWork } from './sync-operation.ts'

/** How often a sync is prepared anew because the session was changed meanwhile. */
const attempts = 3

/**
 * Brings a session onto its base, with what is not committed in it; without a fetch. What fails leaves it as it was.
 * @throws FlightRulesError INTERRUPTED; everything else is in the result.
 */
export async function syncSession(context: Context, entry: RegisteredSession, input: SyncInput): Promise<Synced> {
  const { id } = entry.session
  let onto: Onto | null = null
  try {
    onto = await findOnto(context, entry.session.base)
    return await bringOnto(context, entry, onto, input)
  } catch (thrown) {
    const error = await redactError(context, entry, thrown)
    if (!(error instanceof FlightRulesError) || error.kind === 'interrupted' || error.kind === 'terminated') throw error
    return { result: failed(id, entry.worktree.head, onto, error), findings: onto?.findings ?? [], error }
  }
}

async function bringOnto(context: Context, entry: RegisteredSession, onto: Onto, input: SyncInput): Promise<Synced> {
  const { id } = entry.session
  return repeated(async (): Promise<Synced> => {
    await requireUnclaimed(context, entry)
    const question = await askSync(context, entry, onto, input)
    const { head, build } = question
    const common = { id, from: head, paths: [], onto: { name: onto.name, oid: onto.oid }, error: null }
    if (question.isUpToDate) {
      const noted = await noteBroughtIn(context, entry, onto.oid)
      return {
        result: { ...common, outcome: 'up-to-date', to: head, method: null },
        findings: [...onto.findings, ...noted],
        error: null,
      }
    }
    context.report({ event: 'syncing', id, onto: onto.name, method: build.method })
    const { to, findings } = await syncAsAsked(context, entry, onto, question, input)
    return {
      result: { ...common, outcome: 'synced', to, method: build.method },
      findings: [...onto.findings, ...question.findings, ...findings],
      error: null,
    }
  })
}

/**
 * Brings a session onto a commit as a part of its end.
 * @throws FlightRulesError as `askSync` and `prepareSync`; the session is then as it was.
 */
export async function syncWithin(
  context: Context,
  entry: RegisteredSession,
  onto: Onto,
  method: SyncMethod,
  end: string,
): Promise<readonly Finding[]> {
  return repeated(async () => {
    // commits the base has dropped were asked about before
    const question = await askSync(context, entry, onto, { method, leaveConflicts: false, dropped: 'keep' })
    if (question.isUpToDate) return []
    context.report({ event: 'syncing', id: entry.session.id, onto: onto.name, method })
    const { facts, rewritten } = await prepareSync(context, entry, onto, question)
    return carryOutSync(context, entry, { facts: { ...facts, end }, rewritten })
  })
}

/** Anew, as often as somebody was quicker. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.code !== 'SESSION_CHANGED' || attempt === attempts) throw error
    }
  }
}

async function syncAsAsked(
  context: Context,
  entry: RegisteredSession,
  onto: Onto,
  question: SyncQuestion,
  input: SyncInput,
): Promise<{ readonly to: string; readonly findings: readonly Finding[] }> {
  try {
    const prepared = await prepareSync(context, entry, onto, question)
    return { to: prepared.facts.to, findings: await carryOutSync(context, entry, prepared) }
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.code !== 'MERGE_CONFLICTS') throw error
    if (input.leaveConflicts) return leaveConflicts(context, entry, question, { base: entry.session.base, onto: onto.name })
    throw await explainConflicts(context, entry.session.id, question, error)
  }
}

/** Moves what was prepared, as an operation in the journal, and tells the hooks that git tells of it. */
async function carryOutSync(
  context: Context,
  entry: RegisteredSession,
  { facts, rewritten }: PreparedSync,
): Promise<readonly Finding[]> {
  const work = await moveAsOperation(context, entry, facts)
  await announceSync(work.context, facts, rewritten)
  return work.findings
}

/**
 * Takes a sync back that was prepared as one the other way.
 * @throws FlightRulesError SESSION_CHANGED where it was changed meanwhile; the session is as it was.
 */
export async function moveSessionBack(context: Context, entry: RegisteredSession, facts: SyncFacts): Promise<readonly Finding[]> {
  return (await moveAsOperation(context, entry, facts)).findings
}

async function moveAsOperation(context: Context, entry: RegisteredSession, facts: SyncFacts): Promise<SyncWork> {
  const op = randomUUID()
  const work = makeSyncWork({ ...context, git: context.git.with({ FLIGHTRULES_OP: op }) }, op, facts, entry, 'run')
  const steps = syncSteps(facts)
  const lock = { operation: `sync ${facts.id}`, waitMs: context.lockWaitMs, signal: context.signal }
  const operation = await withLock(commonDirOf(context), lock, async () => {
    await requireUnclaimed(context, entry, facts.end)
    await requireStillThere(context, entry)
    return beginOperation(commonDirOf(context), syncOperation(context), { op, steps, facts: { ...facts }, work })
  })
  await operation.apply(steps)
  await operation.end()
  return work
}

function failed(id: string, head: string | null, onto: Onto | null, error: FlightRulesError): SyncResult {
  const { kind, code, message, details } = error
  const paths = Array.isArray(details['paths']) ? (details['paths'] as readonly string[]) : []
  return {
    id,
    outcome: kind === 'conflict' ? 'conflict' : 'failed',
    from: head,
    to: head,
    paths: kind === 'conflict' ? paths : [],
    method: null,
    onto: onto === null ? null : { name: onto.name, oid: onto.oid },
    error: { code, message, hint: hintOf(id, error) },
  }
}

/** A result lists no choices: what to type is the whole line then, with the way that is always there. */
function hintOf(id: string, { hint, choices }: FlightRulesError): string | null {
  const flag = choices.find(({ risky }) => risky !== true)?.flag
  return flag === undefined ? (hint ?? null) : `flightrules sync ${quoteForShell(id)} ${flag}`
}
