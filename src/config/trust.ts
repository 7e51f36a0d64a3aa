import { FlightRulesError } from '../errors.ts'
import { addApproval, removeApprovals } from './approvals.ts'
import { type LoadConfigInput, compileSources, findSources } from './load-config.ts'
import type { LoadedConfig } from './types.ts'

export interface ApproveInput extends LoadConfigInput {
  readonly by: 'init' | 'trust'
  /** What was shown to the person; other bytes are then refused. */
  readonly digest?: string
}

/**
 * Approves the bytes the config is made of now. It is evaluated and checked first: what does not load is not approved.
 * @throws FlightRulesError CONFIG_CHANGED when the bytes are not those of `digest`, NO_CONFIG, and those of `loadConfig`.
 */
export async function approveConfig(input: ApproveInput): Promise<LoadedConfig> {
  const found = await findSources(input.main)
  if (found === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NO_CONFIG',
      message: `there is no config to approve in ${input.main}`,
      hint: 'flightrules init',
    })
  }
  const { digest } = found.sources
  if (input.digest !== undefined && input.digest !== digest) {
    throw new FlightRulesError({
      kind: 'untrusted',
      code: 'CONFIG_CHANGED',
      message: `the config's digest is ${digest}, not ${input.digest}: it is not what was looked at`,
      hint: 'flightrules trust --show',
      details: { digest, expected: input.digest },
    })
  }
  const loaded = await compileSources(input, found, true)
  await addApproval(input.commonDir, { digest, at: new Date().toISOString(), by: input.by })
  return loaded
}

/** Takes back every approval of this copy of the repository. Gives how many there were. */
export function revokeConfig(input: { readonly commonDir: string }): Promise<number> {
  return removeApprovals(input.commonDir)
}

/**
 * Lets only an approved config, or none, through to what runs its commands.
 * @throws FlightRulesError CONFIG_NOT_TRUSTED.
 */
export function requireTrusted(loaded: LoadedConfig): void {
  if (loaded.trust !== 'unapproved') return
  throw new FlightRulesError({
    kind: 'untrusted',
    code: 'CONFIG_NOT_TRUSTED',
    message: `${loaded.file} is new or changed since it was approved here, so it was not loaded and none of its commands run`,
    hint: 'look at it and approve it: flightrules trust',
    choices: [{ flag: `trust --digest ${loaded.digest}`, label: 'Approve exactly these bytes' }],
    details: { file: loaded.file, digest: loaded.digest },
  })
}
