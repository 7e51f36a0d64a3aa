import { loadApprovals } from './approvals.ts'
import { isCode } from './config-names.ts'
import { type FoundSources, type LoadConfigInput, compileSources, findSources, loadConfig } from './load-config.ts'
import type { SourceFile } from './read-sources.ts'
import type { ResolvedConfig } from './types.ts'

/** A command of the project and when it runs. */
export interface TrustedCommand {
  readonly phase: 'postCreateHook' | 'preRemoveHook'
  readonly command: string
}

/** What an approval would cover, read and not evaluated. */
export interface TrustReport {
  readonly digest: string
  readonly trusted: boolean
  /** The config, the overrides and what they import. */
  readonly files: readonly SourceFile[]
  /** Null where only evaluating the unapproved config could tell. */
  readonly commands: readonly TrustedCommand[] | null
}

/** The config's digest, files and commands; undefined where there is no config. */
export async function describeTrust(input: LoadConfigInput): Promise<TrustReport | undefined> {
  const found = await findSources(input.main)
  if (found === undefined) return undefined
  const { digest, files } = found.sources
  const trusted = (await loadApprovals(input.commonDir)).some((approval) => approval.digest === digest)
  return { digest, trusted, files, commands: await findCommands(input, found, trusted) }
}

async function findCommands(input: LoadConfigInput, found: FoundSources, trusted: boolean): Promise<TrustedCommand[] | null> {
  const { files } = found.sources
  try {
    if (trusted) return listCommands((await loadConfig(input)).config)
    if (files.some((file) => isCode(file.path))) return null
    return listCommands((await compileSources(input, found, false)).config)
  } catch {
    // What is wrong with it is said when it is loaded; approving it is refused.
    return null
  }
}

function listCommands(config: ResolvedConfig): TrustedCommand[] {
  return (['postCreateHook', 'preRemoveHook'] as const).flatMap((phase) => {
    const hook = config[phase]
    if ('function' in hook) return [{ phase, command: 'a function of the config' }]
    return hook.map((command) => ({ phase, command }))
  })
}
