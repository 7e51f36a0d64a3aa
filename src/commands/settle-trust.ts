import { describeTrust } from '../config/describe-trust.ts'
import { approveConfig } from '../config/trust.ts'
import { readTrustEnvironment } from '../config/trust-environment.ts'
import { FlightRulesError } from '../errors.ts'
import { type OpenedContext, commonDirOf } from '../sessions/context.ts'
import type { Invocation } from './command.ts'

/** `approved`: the repository is to be opened anew. */
export type Consent = 'as-it-is' | 'without' | 'approved'

/** Asked about once: a command that is run again with another answer does not ask this again. */
const declined = new Set<string>()

/**
 * Before a command runs the project's own commands: what nobody approved is shown to a person, who approves it or goes on without. Where
 * nobody is there, and with `--yes`, nothing is approved.
 * @throws FlightRulesError CONFIG_NOT_TRUSTED (exit 6).
 */
export async function settleTrust(invocation: Invocation, { context }: OpenedContext): Promise<Consent> {
  const { loaded, main } = context
  if (invocation.options['setup'] === false || loaded.trust !== 'unapproved') return 'as-it-is'
  if (loaded.digest !== null && declined.has(loaded.digest)) return 'without'
  const place = { main, commonDir: commonDirOf(context), ...readTrustEnvironment(invocation.env) }
  if (!invocation.interactive || invocation.yes || invocation.dryRun) throw notTrusted(context, place.trustDigest)
  const report = await describeTrust(place)
  if (report === undefined) throw notTrusted(context, place.trustDigest)
  const [{ askChoice }, { showTrust }] = await Promise.all([import('../ui/prompt.ts'), import('../ui/views/trust-view.ts')])
  showTrust(invocation.screen, report)
  const answer = await askChoice(
    `${report.files[0]?.path ?? 'The config'} is new or changed. May it be loaded, and its commands run, in this copy of the repository?`,
    [
      { value: 'without', label: 'Go on without running its commands' },
      { value: 'approve', label: 'Approve exactly these bytes' },
      { value: 'stop', label: 'Stop here', hint: 'nothing was touched' },
    ] as const,
    invocation.signal,
  )
  if (answer === 'approve') {
    await approveConfig({ ...place, by: 'trust', digest: report.digest })
    return 'approved'
  }
  if (answer !== 'without') throw notTrusted(context, place.trustDigest)
  declined.add(report.digest)
  return 'without'
}

function notTrusted({ loaded }: OpenedContext['context'], given: string | undefined): FlightRulesError {
  const { file, digest } = loaded
  const doubts = (loaded.doubts ?? []).map(({ message }) => `\n${message}`).join('')
  const mismatch = given === undefined || digest === null ? '' : `\nFLIGHTRULES_TRUST is ${given}, which is not its digest`
  return new FlightRulesError({
    kind: 'untrusted',
    code: 'CONFIG_NOT_TRUSTED',
    message: `${file ?? 'the config'} has changed since a person approved it, or never was, so its commands do not run; nothing was done${digest === null ? '' : `\nits digest is ${digest}`}${mismatch}${doubts}`,
    hint: 'flightrules trust    shows what it would run and asks; in CI: FLIGHTRULES_TRUST=<digest you reviewed>',
    choices: [{ flag: '--no-setup', label: 'go on without running its commands' }],
    details: { file, digest },
  })
}
