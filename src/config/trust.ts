import { unlink } from 'node:fs/promises'
import { FlightRulesError } from '../errors.ts'
import { type ApprovalPlace, ensureApprovalFolder } from './approval-store.ts'
import { type Approval, type Found, addApproval, removeApprovals, resolvedFormat } from './approvals.ts'
import { earlierApprovals } from './last-approved.ts'
import { listCommands } from './list-commands.ts'
import { type LoadConfigInput, findSources, noteSources, resolveSources } from './load-config.ts'
import { asApproved } from './snapshot.ts'
import type { LoadedConfig } from './types.ts'

export interface ApproveInput extends LoadConfigInput {
  readonly by: 'init' | 'trust'
  /** What was shown to the person; other bytes are then refused. */
  readonly digest?: string
}

/**
 * Approves the bytes the config is made of now. It is evaluated and checked first: what does not load is not approved.
 * @throws FlightRulesError CONFIG_CHANGED when the bytes are not those of `digest`, NO_CONFIG, NO_STATE_DIRECTORY, APPROVALS_UNSAFE, and
 * those of `loadConfig`.
 */
export async function approveConfig(input: ApproveInput): Promise<LoadedConfig> {
  const sources = await findSources(input.main)
  if (sources === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NO_CONFIG',
      message: `there is no config to approve in ${input.main}`,
      hint: 'flightrules init',
    })
  }
  const { digest } = sources
  if (input.digest !== undefined && input.digest !== digest) {
    throw new FlightRulesError({
      kind: 'untrusted',
      code: 'CONFIG_CHANGED',
      message: `the config's digest is ${digest}, not ${input.digest}: it is not what was looked at`,
      hint: 'flightrules trust --show',
      details: { digest, expected: input.digest },
    })
  }
  // before anything of it runs for an approval nobody could keep
  await ensureApprovalFolder(input)
  const { config, origins } = await resolveSources(sources, input.timeLimit)
  const approval: Approval = {
    digest,
    at: new Date().toISOString(),
    by: input.by,
    files: sources.files.map(({ path, sha256, text }) => ({ path, sha256, text })),
    commands: listCommands(config),
    format: resolvedFormat,
    config,
    origins,
  }
  await addApproval(input, approval)
  await noteSources(input.commonDir, sources)
  await unlink(earlierApprovals(input.commonDir)).catch(() => {})
  return asApproved(input.main, sources.config.path, approval)
}

/** Takes back every approval of this copy of the repository. Gives how many there were. */
export function revokeConfig(place: ApprovalPlace): Promise<Found<number>> {
  return removeApprovals(place)
}
