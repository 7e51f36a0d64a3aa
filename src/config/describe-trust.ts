import type { Finding } from '../errors.ts'
import { type Approval, findApproval, resolvedFormat } from './approvals.ts'
import { isCode } from './config-names.ts'
import { findEarlierApprovals, findLastApproved } from './last-approved.ts'
import { type TrustedCommand, listCommands } from './list-commands.ts'
import { type LoadConfigInput, findSources, loadConfig, resolveSources } from './load-config.ts'
import type { ConfigSources, SourceFile } from './read-sources.ts'

/** What an approval would cover, read and not evaluated. */
export interface TrustReport {
  readonly digest: string
  readonly trusted: boolean
  /** The config, the overrides and what they import. */
  readonly files: readonly SourceFile[]
  /** Null where only evaluating the unapproved config could tell. */
  readonly commands: readonly TrustedCommand[] | null
  /** What applied here until now, where that is something else. */
  readonly before: Approval | undefined
  /** Why an approval was not believed. */
  readonly doubts: readonly Finding[]
}

/** The config's digest, files and commands, and what was approved before; undefined where there is no config. */
export async function describeTrust(input: LoadConfigInput): Promise<TrustReport | undefined> {
  const sources = await findSources(input.main)
  if (sources === undefined) return undefined
  const { digest, files } = sources
  const { found, doubts } = await findApproval(input, digest)
  if (found !== undefined && (found.format === resolvedFormat || (await loadConfig(input)).trust === 'approved'))
    return { digest, trusted: true, files, commands: found.commands, before: undefined, doubts }
  const last = await findLastApproved(input)
  const all = [...doubts, ...last.doubts, ...(await findEarlierApprovals(input.commonDir))]
  return {
    digest,
    trusted: false,
    files,
    commands: await findCommands(sources, input.timeLimit),
    before: last.found,
    doubts: all.filter(({ message }, index) => all.findIndex((other) => other.message === message) === index),
  }
}

/** Data says its commands without being run. */
async function findCommands(sources: ConfigSources, timeLimit: number | undefined): Promise<TrustedCommand[] | null> {
  if (sources.files.some((file) => isCode(file.path))) return null
  try {
    return listCommands((await resolveSources(sources, timeLimit)).config)
  } catch {
    // What is wrong with it is said when it is loaded; approving it is refused.
    return null
  }
}
