import { FlightRulesError } from '../errors.ts'
import type { Context } from '../sessions/context.ts'
import { approveForeign, describeForeign, type ForeignReport, revokeForeign } from '../sessions/foreign/describe-foreign.ts'
import type { RegisteredSession } from '../sessions/load-sessions.ts'
import { askConfirmation } from '../ui/prompt.ts'
import { renderForeign } from '../ui/views/foreign-view.ts'
import type { Invocation, Outcome } from './command.ts'

/** Shows, approves or takes back what may run of somebody else's work, for one commit of one session. */
export async function runTrustSession(invocation: Invocation, id: string): Promise<Outcome> {
  const { options, screen } = invocation
  const [{ openSessions }, { requireSession }] = await Promise.all([
    import('./open-repository.ts'),
    import('../sessions/find-session.ts'),
  ])
  const { context, set } = await openSessions(invocation)
  const entry = requireSession(context, set, id)
  const report = await describeForeign(context, entry)
  if (options['revoke'] === true) return revoke(context, entry, invocation)
  if (options['show'] === true) return answer(report, () => screen.answer(renderForeign(report, screen)))
  if (typeof options['digest'] === 'string') return approve(context, entry, options['digest'].toLowerCase(), invocation)
  if (report.trusted) return answer(report, () => screen.answer(`Already approved: ${report.commit}`))
  if (!invocation.interactive || invocation.yes || invocation.dryRun) throw needsCommit(report)
  screen.warn(renderForeign(report, screen))
  if (await askConfirmation('Approve exactly this commit? `setup` then runs and copies what is listed.', invocation.signal))
    return approve(context, entry, report.commit, invocation)
  throw new FlightRulesError({
    kind: 'untrusted',
    code: 'NOT_APPROVED',
    message: `commit ${report.commit} was not approved; nothing was changed and none of it run`,
    hint: `flightrules trust --session ${report.id}    asks again`,
    details: { id: report.id, commit: report.commit },
  })
}

async function approve(
  context: Context,
  entry: RegisteredSession,
  commit: string,
  { dryRun, screen }: Invocation,
): Promise<Outcome> {
  const { id } = entry.session
  if (!/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) throw invalidCommit(commit, id)
  if (dryRun) {
    const step = { kind: 'approve-commit', id, commit, undo: `flightrules trust --session ${id} --revoke` }
    const plan = { version: 1, command: 'trust', steps: [step], choices: [] }
    return { data: { plan }, view: () => screen.answer(`Would approve ${commit} in session ${id}`) }
  }
  await approveForeign(context, entry, commit)
  const report = await describeForeign(context, entry)
  return answer(report, () => screen.answer(`Approved: ${commit}\nNow it can be set up: flightrules setup ${id}`))
}

async function revoke(context: Context, entry: RegisteredSession, { dryRun, screen }: Invocation): Promise<Outcome> {
  const { id } = entry.session
  if (dryRun) {
    const steps = [{ kind: 'revoke-commits', id, undo: `flightrules trust --session ${id}` }]
    const plan = { version: 1, command: 'trust', steps, choices: [] }
    return { data: { plan }, view: () => screen.answer(`Would take back every approval for session ${id}`) }
  }
  const { found: revoked, doubts } = await revokeForeign(context, entry)
  const said =
    revoked === 0 ? 'Nothing was approved there.' : `Took back ${revoked === 1 ? 'one approval' : `${revoked} approvals`}.`
  return { data: { revoked }, findings: doubts, view: () => screen.answer(`${said} git runs no hooks in session ${id}.`) }
}

function answer(report: ForeignReport, view: () => void): Outcome {
  const { doubts, ...data } = report
  return { data, findings: doubts, view }
}

function invalidCommit(typed: string, id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'INVALID_DIGEST',
    message: `${JSON.stringify(typed)} is no commit; with --session the whole object name is expected`,
    hint: `flightrules trust --session ${id} --show`,
  })
}

/** A person decides; `--yes` is not one. */
function needsCommit({ id, commit, request, from, doubts }: ForeignReport): FlightRulesError {
  return new FlightRulesError({
    kind: 'untrusted',
    code: 'SESSION_NOT_TRUSTED',
    message: `commit ${commit} in session ${id}, of request ${request} from ${from}, is not approved${doubts.map(({ message }) => `\n${message}`).join('')}`,
    hint: `read it with \`flightrules trust --session ${id} --show\` and git, then: flightrules trust --session ${id} --digest ${commit}`,
    choices: [{ flag: `--digest ${commit}`, label: 'Approve exactly this commit' }],
    details: { id, commit },
  })
}
