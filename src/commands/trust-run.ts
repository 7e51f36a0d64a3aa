import { type TrustReport, describeTrust } from '../config/describe-trust.ts'
import { approveConfig, revokeConfig } from '../config/trust.ts'
import { type Finding, FlightRulesError } from '../errors.ts'
import { settleAppendOnly } from '../sessions/settle-append-only.ts'
import { diffLines } from '../ui/line-diff.ts'
import { askConfirmation } from '../ui/prompt.ts'
import { renderCommandList, renderTrust, showTrust } from '../ui/views/trust-view.ts'
import type { Invocation, Outcome } from './command.ts'
import { locateMain } from './locate-main.ts'

type Place = Awaited<ReturnType<typeof locateMain>>

/** Shows, approves or takes back, as the flags say; asks where none does and somebody is there. */
export async function runTrust(invocation: Invocation): Promise<Outcome> {
  const { options } = invocation
  if ([options['show'], options['digest'], options['revoke']].filter((one) => one !== undefined && one !== false).length > 1) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'USAGE',
      message: '--show, --digest and --revoke exclude each other',
      hint: 'flightrules trust --help',
    })
  }
  if (typeof options['session'] === 'string')
    return (await import('./trust-session.ts')).runTrustSession(invocation, options['session'])
  const place = await locateMain(invocation)
  if (options['revoke'] === true) return revoke(place, invocation.dryRun)
  const report = await describeTrust(place)
  if (report === undefined)
    return { data: emptyReport, view: (screen) => screen.answer(`There is no config in ${place.main}: nothing to approve.`) }
  if (options['show'] === true) return show(report)
  if (typeof options['digest'] === 'string') return approve(place, requireDigest(options['digest']), invocation)
  if (report.trusted) return { data: summarize(report), view: (screen) => screen.answer(`Already approved: ${report.digest}`) }
  if (!invocation.interactive || invocation.yes || invocation.dryRun) throw needsDigest(place, report)
  showTrust(invocation.screen, report)
  if (await askConfirmation('Approve exactly these bytes? They will be loaded and run here.', invocation.signal)) {
    return approve(place, report.digest, invocation)
  }
  throw new FlightRulesError({
    kind: 'untrusted',
    code: 'NOT_APPROVED',
    message: 'the config was not approved; nothing was changed and none of its commands run',
    details: { digest: report.digest },
  })
}

async function approve(place: Place, digest: string, { dryRun }: Invocation): Promise<Outcome> {
  if (dryRun) return plan({ kind: 'approve-config', digest, undo: 'flightrules trust --revoke' }, `Would approve ${digest}`)
  const untold = await settleAppendOnly(place.commonDir, await approveConfig({ ...place, by: 'trust', digest }))
  const report = await describeTrust(place)
  if (report === undefined) return { data: emptyReport }
  return {
    data: summarize(report),
    findings: [...report.doubts, ...untold],
    view(screen) {
      screen.answer(`Approved: ${digest}`)
      if (report.commands !== null) screen.answer(['What runs here:', ...renderCommandList(report.commands)].join('\n'))
    },
  }
}

async function revoke(place: Place, dryRun: boolean): Promise<Outcome> {
  if (dryRun) return plan({ kind: 'revoke-config', undo: 'flightrules trust' }, 'Would take back every approval')
  const { found: revoked, doubts } = await revokeConfig(place)
  const answer =
    revoked === 0 ? 'Nothing was approved here.' : `Took back ${revoked === 1 ? 'one approval' : `${revoked} approvals`}.`
  return { data: { revoked }, findings: doubts, view: (screen) => screen.answer(answer) }
}

function show(report: TrustReport): Outcome {
  const unknown: Finding = {
    code: 'COMMANDS_UNKNOWN',
    message: 'its commands are known only once it is loaded, and what is not approved is not loaded: read its files',
  }
  return {
    data: summarize(report),
    findings: [...report.doubts, ...(report.commands === null ? [unknown] : [])],
    view: (screen) => screen.answer(renderTrust(report, screen)),
  }
}

const emptyReport = { digest: null, trusted: false, files: [], commands: [], before: null, changes: [] } as const

function summarize({ digest, trusted, files, commands, before }: TrustReport): unknown {
  return {
    digest,
    trusted,
    files: files.map((file) => file.path),
    commands: commands ?? [],
    before: before === undefined ? null : { digest: before.digest, at: before.at, by: before.by, commands: before.commands },
    changes: before === undefined ? [] : listChanges(before.files, files),
  }
}

type Text = Pick<TrustReport['files'][number], 'path' | 'text'>

/** Lines that went and came, by file. */
function listChanges(before: readonly Text[], after: readonly Text[]): unknown[] {
  const paths = [...new Set([...after, ...before].map(({ path }) => path))]
  const textOf = (files: readonly Text[], path: string): string => files.find((file) => file.path === path)?.text ?? ''
  return paths.flatMap((path) => {
    const lines = diffLines(textOf(before, path), textOf(after, path))
    const pick = (mark: '-' | '+'): string[] => lines.filter((line) => line.mark === mark).map(({ text }) => text)
    const [removed, added] = [pick('-'), pick('+')]
    return removed.length + added.length === 0 ? [] : [{ file: path, removed, added }]
  })
}

function plan(step: Readonly<Record<string, string>>, answer: string): Outcome {
  return { data: { plan: { version: 1, command: 'trust', steps: [step], choices: [] } }, view: (screen) => screen.answer(answer) }
}

function requireDigest(typed: string): string {
  const digest = typed.toLowerCase()
  if (/^[0-9a-f]{64}$/.test(digest)) return digest
  throw new FlightRulesError({
    kind: 'usage',
    code: 'INVALID_DIGEST',
    message: `${JSON.stringify(typed)} is no digest; 64 hexadecimal digits are expected, as \`trust --show\` prints them`,
    hint: 'flightrules trust --show',
  })
}

/** A person decides; `--yes` is not one. */
function needsDigest(place: Place, { digest, files, doubts }: TrustReport): FlightRulesError {
  return new FlightRulesError({
    kind: 'untrusted',
    code: 'CONFIG_NOT_TRUSTED',
    message: `${files[0]?.path} in ${place.main} is not approved; its digest is ${digest}${doubts.map(({ message }) => `\n${message}`).join('')}`,
    hint: `read it with \`flightrules trust --show\`, then: flightrules trust --digest ${digest}`,
    choices: [{ flag: `--digest ${digest}`, label: 'Approve exactly these bytes' }],
    details: { digest, files: files.map((file) => file.path) },
  })
}
