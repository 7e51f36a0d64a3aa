import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { OpenedContext } from '../sessions/context.ts'
import { findSessionAt, requireSession } from '../sessions/find-session.ts'
import { findConflictFailure, findUnseen, findUnknownAt, type PairsAnswer, selectPairs } from '../sessions/radar/radar-answer.ts'
import { type RadarReport, readRadar } from '../sessions/radar/read-radar.ts'
import { type OpenSessions, selectOpen } from '../sessions/radar/select-open.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import { withProgress } from '../ui/progress.ts'
import type { Invocation, Outcome } from './command.ts'
import { openSessions } from './open-repository.ts'

type Opened = OpenedContext & Reconciled

export async function runRadar(invocation: Invocation): Promise<Outcome> {
  const {
    arguments: [id],
    options: { file, order, check },
  } = invocation
  const files = Array.isArray(file) ? (file as readonly string[]) : []
  if (order === true && (files.length > 0 || typeof id === 'string')) throw orderIsOfAll()
  const opened = await openSessions(invocation, 'read')
  const named = typeof id === 'string' ? requireNamed(opened, id, files.length > 0) : undefined
  const label = `comparing ${opened.set.registered.length} sessions`
  return withProgress(invocation.screen, label, () => {
    if (files.length > 0) return askWhoTouches(opened, files, named, check === true)
    return order === true ? proposeOrder(opened, check === true) : comparePairs(opened, named, check === true)
  })
}

/** @throws FlightRulesError SESSION_NOT_FOUND; after `--file` it may be one more file that was meant. */
function requireNamed({ context, set }: Opened, id: string, isAboutFiles: boolean): string {
  try {
    return requireSession(context, set, id).session.id
  } catch (error) {
    if (!isAboutFiles || !(error instanceof FlightRulesError) || error.code !== 'SESSION_NOT_FOUND') throw error
    const { kind, code, message, details } = error
    const hint = `for one more file: --file ${quoteForShell(id)}; ${error.hint ?? ''}`
    throw new FlightRulesError({ kind, code, message, hint, details })
  }
}

async function comparePairs(opened: Opened, only: string | undefined, check: boolean): Promise<Outcome> {
  const { open, report } = await look(opened, only)
  const answer = { ...answerPairs(opened, report), merged: open.merged }
  const { renderRadar } = await import('../ui/views/radar-view.ts')
  return {
    data: answer,
    findings: [...opened.findings, ...report.findings],
    ...failWith(check ? (findConflictFailure(answer.pairs) ?? findUnseen(report.findings)) : undefined),
    view: (screen) => screen.answer(renderRadar({ ...answer, sessions: opened.set.registered.length, only }, screen)),
  }
}

async function proposeOrder(opened: Opened, check: boolean): Promise<Outcome> {
  const { context, findings } = opened
  const { open, report } = await look(opened, undefined)
  const { readOrder } = await import('../sessions/radar/read-order.ts')
  const order = await readOrder(context, open.sessions, report)
  const answer = { ...answerPairs(opened, report), merged: open.merged, ...order }
  const { renderOrder } = await import('../ui/views/radar-order-view.ts')
  return {
    data: answer,
    findings: [...findings, ...report.findings],
    ...failWith(check ? (findConflictFailure(answer.pairs) ?? findUnseen(report.findings)) : undefined),
    view: (screen) => screen.answer(renderOrder(answer, screen)),
  }
}

/** Who else: where a session asks, which is the one named or the one the command runs in, it is not counted itself. */
async function askWhoTouches(
  opened: Opened,
  typed: readonly string[],
  named: string | undefined,
  check: boolean,
): Promise<Outcome> {
  const { context, set, findings } = opened
  const asking = named ?? findSessionAt(set, context.location.worktree)?.session.id
  const { locatePaths } = await import('../sessions/radar/locate-paths.ts')
  const { readTouches } = await import('../sessions/radar/read-touches.ts')
  const paths = await locatePaths(context, set, typed)
  const { open, report } = await look(opened, asking)
  const files = await readTouches(context, { sessions: open.sessions, paths, asking }, report)
  const { findTouchFailure } = await import('../sessions/radar/touch-answer.ts')
  const { renderTouches } = await import('../ui/views/radar-files-view.ts')
  const now = context.now()
  return {
    data: { files },
    findings: [...findings, ...report.findings],
    ...failWith(
      check ? (findTouchFailure(files) ?? findUnknownAt(paths, report.pairs) ?? findUnseen(report.findings)) : undefined,
    ),
    view: (screen) => screen.answer(renderTouches(files, asking, screen, now)),
  }
}

async function look({ context, set }: Opened, only: string | undefined): Promise<{ open: OpenSessions; report: RadarReport }> {
  const open = await selectOpen(context, set.registered, only)
  return { open, report: await readRadar(context, only === undefined ? open : { ...open, only }) }
}

function answerPairs({ context, set }: Opened, { pairs }: RadarReport): PairsAnswer {
  const logs = new Set(set.registered.flatMap(({ session }) => session.sessionLog ?? []))
  return selectPairs(pairs, context.loaded.config, logs)
}

function failWith(failure: FlightRulesError | undefined): Pick<Outcome, 'failure'> {
  return failure === undefined ? {} : { failure }
}

function orderIsOfAll(): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: '--order is about all sessions: it goes neither with one that is named nor with --file',
    hint: 'flightrules radar --order',
  })
}
