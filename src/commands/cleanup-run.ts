import { randomUUID } from 'node:crypto'
import { type Finding, FlightRulesError } from '../errors.ts'
import type { Plan } from '../operations/plan.ts'
import { type CleanupKind, cleanupKinds, type CleanupTask } from '../sessions/cleanup/cleanup-task.ts'
import { listRecovered } from '../sessions/cleanup/find-interrupted.ts'
import { listCleanup } from '../sessions/cleanup/list-cleanup.ts'
import { foldName } from '../sessions/name.ts'
import { findUnfetched } from '../sessions/sync/sync-sessions.ts'
import { askConfirmation } from '../ui/prompt.ts'
import { type CleanupAnswer, renderCleanup } from '../ui/views/cleanup-view.ts'
import { renderPlan } from '../ui/views/plan-view.ts'
import type { Invocation, Outcome } from './command.ts'
import { openSessions } from './open-repository.ts'
import { parseDuration } from './parse-duration.ts'

/** Everything it needs is loaded by now: the program may be the one installed in a worktree that goes. */
export async function runCleanup(invocation: Invocation): Promise<Outcome> {
  const { options, dryRun, screen } = invocation
  const staleAfter = typeof options['stale'] === 'string' ? parseDuration(options['stale']) : null
  const wanted = readKinds(options['merged'] === true, staleAfter)
  const { context, set, findings } = await openSessions(invocation)
  const noted: Finding[] = []
  // a preview changes nothing, not even what is known of a remote
  const network = dryRun || options['fetch'] === false ? 'none' : 'asked'
  const looking = { context, set, findings, staleAfter, network, note: (finding: Finding) => noted.push(finding) } as const
  const all = await listCleanup(looking, wanted)
  const ids = Array.isArray(options['id']) ? (options['id'] as readonly string[]) : []
  const tasks =
    ids.length === 0
      ? all
      : ids.flatMap((id) =>
          requireTasks(
            all,
            id,
            set.registered.map(({ session }) => session.id),
          ),
        )
  const isNamed = ids.length > 0
  if (dryRun) {
    const looksForMerged = wanted.has('merged') && options['fetch'] !== false
    const unfetched = looksForMerged ? await findUnfetched(context, set.registered) : []
    const found = await planCleanup(tasks, isNamed)
    const plan: Plan = { ...found, findings: [...unfetched, ...found.findings] }
    return { data: { plan }, findings: [...findings, ...plan.findings], view: (shown) => shown.answer(renderPlan(plan)) }
  }
  const before = isNamed || !wanted.has('interrupted') ? [] : listRecovered({ findings })
  const answers: CleanupAnswer[] = before.map(({ id, evidence }) => {
    return { id, kind: 'interrupted', evidence, action: 'settled', verdict: 'safe', done: true, trash: null }
  })
  const done = await carryOut(invocation, tasks, isNamed)
  answers.push(...done.answers)
  const failure = done.failure ?? (isNamed ? findLeft(answers) : needsDecision(invocation, answers))
  return {
    data: {
      items: answers.map(({ verdict, ...item }) => ({
        ...item,
        decides: verdict === 'ask' && !item.done ? `--id ${item.id}` : null,
      })),
    },
    findings: [...findings.filter(({ code }) => code !== 'RECOVERED' || before.length === 0), ...noted, ...done.findings],
    ...(failure === undefined ? {} : { failure }),
    view: () => screen.answer(renderCleanup(answers, screen.paint)),
  }
}

/** With neither flag everything is looked for. */
function readKinds(merged: boolean, staleAfter: number | null): ReadonlySet<CleanupKind> {
  const kinds: CleanupKind[] = [...(merged ? (['merged'] as const) : []), ...(staleAfter === null ? [] : (['stale'] as const))]
  return new Set(kinds.length === 0 ? cleanupKinds : kinds)
}

/** @throws FlightRulesError CLEANUP_NOT_FOUND. */
function requireTasks(tasks: readonly CleanupTask[], id: string, sessions: readonly string[]): CleanupTask[] {
  const found = tasks.filter((task) => foldName(task.id) === foldName(id))
  if (found.length > 0) return found
  const isSession = sessions.some((session) => foldName(session) === foldName(id))
  throw new FlightRulesError({
    kind: 'usage',
    code: 'CLEANUP_NOT_FOUND',
    message: isSession
      ? `session ${id} is not left over: it has work or is in use`
      : `nothing of the name ${JSON.stringify(id)} is left over`,
    hint: isSession
      ? `flightrules end ${id} --strategy abandon    puts it into the trash all the same`
      : 'flightrules cleanup --dry-run',
    details: { id, known: tasks.map((task) => task.id) },
  })
}

async function planCleanup(tasks: readonly CleanupTask[], isNamed: boolean): Promise<Plan> {
  const would = tasks.filter(({ verdict }) => verdict === 'safe' || (verdict === 'ask' && isNamed))
  const steps = await Promise.all(
    would.map(async ({ id, kind, preview }) => (await preview()).map((step) => ({ ...step, for: `${kind} ${id}` }))),
  )
  const rest = tasks.filter((task) => !would.includes(task))
  return {
    version: 1,
    command: 'cleanup',
    steps: steps.flat(),
    choices: rest.flatMap(({ id, action, verdict }) => (verdict === 'ask' ? [{ flag: `--id ${id}`, label: action }] : [])),
    findings: tasks.map((task) => describeTask(task, would.includes(task))),
  }
}

function describeTask({ id, kind, evidence, action, verdict }: CleanupTask, would: boolean): Finding {
  const hint = would || verdict !== 'ask' ? action : `${action}: --id ${id}`
  return { code: 'CLEANUP_ITEM', message: `${kind} ${id}: ${evidence}`, hint, details: { id, kind, evidence, action, would } }
}

async function carryOut(
  invocation: Invocation,
  tasks: readonly CleanupTask[],
  isNamed: boolean,
): Promise<{ answers: CleanupAnswer[]; findings: Finding[]; failure: FlightRulesError | undefined }> {
  const run = randomUUID()
  const answers: CleanupAnswer[] = []
  const findings: Finding[] = []
  let failure: FlightRulesError | undefined
  const wanted = new Set<CleanupTask>()
  // all questions first: who stops at one has lost nothing
  for (const task of tasks) if (await isWanted(invocation, task, isNamed)) wanted.add(task)
  for (const task of tasks) {
    const { id, kind, evidence, action, verdict } = task
    const answer = { id, kind, evidence, action, verdict, done: false, trash: null }
    if (!wanted.has(task)) {
      answers.push(answer)
      continue
    }
    try {
      const cleaned = await task.carryOut(run)
      findings.push(...cleaned.findings)
      answers.push({ ...answer, done: true, trash: cleaned.trash })
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
      failure ??= error
      findings.push(toFinding(error))
      answers.push(answer)
      // the others would wait for the same lock
      if (error.code === 'BUSY') return { answers, findings, failure }
    }
  }
  return { answers, findings, failure }
}

async function isWanted(invocation: Invocation, task: CleanupTask, isNamed: boolean): Promise<boolean> {
  const { id, kind, evidence, action, verdict } = task
  if (verdict !== 'ask') return verdict === 'safe'
  if (isNamed) return true
  if (!invocation.interactive || invocation.yes) return false
  return askConfirmation(`${kind} ${id}: ${evidence}. To do: ${action}. Do it?`, invocation.signal)
}

function toFinding({ code, message, hint, details }: FlightRulesError): Finding {
  return { code, message, ...(hint === undefined ? {} : { hint }), details }
}

/** Somebody wanted it to go, and it cannot go from here. */
function findLeft(answers: readonly CleanupAnswer[]): FlightRulesError | undefined {
  const left = answers.filter(({ verdict }) => verdict === 'leave')
  if (left.length === 0) return undefined
  return new FlightRulesError({
    kind: 'decision',
    code: 'CLEANUP_LEFT',
    message: left.map(({ id, evidence, action }) => `${id}: ${evidence}; ${action}`).join('\n'),
    details: { ids: left.map(({ id }) => id) },
  })
}

/** Where something could be done, there was something to do: only when nothing was, somebody has to decide first. */
function needsDecision(invocation: Invocation, answers: readonly CleanupAnswer[]): FlightRulesError | undefined {
  const open = answers.filter(({ done, verdict }) => !done && verdict === 'ask')
  const asked = invocation.interactive && !invocation.yes
  if (open.length === 0 || asked || answers.some(({ done }) => done)) return undefined
  return new FlightRulesError({
    kind: 'decision',
    code: 'CLEANUP_NEEDS_DECISION',
    message: `nothing was removed: ${open.length === 1 ? 'what is left over may' : `each of the ${open.length} things left over may`} still be wanted`,
    hint: 'name what is to go',
    choices: open.map(({ id, action }) => ({ flag: `--id ${id}`, label: action })),
    details: { ids: open.map(({ id }) => id) },
  })
}
