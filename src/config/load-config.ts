import { join } from 'node:path'
import type { Finding } from '../errors.ts'
import { type Approval, addApproval, findApproval, resolvedFormat } from './approvals.ts'
import { defaultConfig } from './defaults.ts'
import { findEarlierApprovals, findLastApproved } from './last-approved.ts'
import { type TrustedCommand, listCommands } from './list-commands.ts'
import { listPresentFiles } from './present-files.ts'
import { failedConfig } from './problem.ts'
import { type ConfigSources, readSources } from './read-sources.ts'
import type { Resolution } from './resolve.ts'
import { type ConfigQuery, asApproved, loadSnapshot, writeSnapshot } from './snapshot.ts'
import type { LoadedConfig } from './types.ts'

export interface LoadConfigInput extends ConfigQuery {
  /** Milliseconds the evaluation of one file may take. Default 5000. */
  readonly timeLimit?: number
}

const usualTimeLimit = 15_000

/**
 * The project's configuration: the values that were approved where its bytes are those, else the last approved ones, or the defaults.
 * What nobody approved is neither evaluated nor taken. Nothing is evaluated here but for `trustDigest`, and after an update of this
 * program that reads configs differently.
 * @throws FlightRulesError CONFIG_FAILED, CONFIG_TIMEOUT, CONFIG_INVALID, all of them for an approved config only.
 */
export async function loadConfig(input: LoadConfigInput): Promise<LoadedConfig> {
  const known = await loadSnapshot(input)
  if (known !== undefined) return known
  let sources: ConfigSources | undefined
  try {
    sources = await findSources(input.main)
  } catch (error) {
    return asUnapproved(input, { file: join(input.main, await nameFirst(input.main)), digest: null }, [unreadable(error)])
  }
  if (sources === undefined) return { config: defaultConfig, origins: {}, file: null, digest: null, trust: 'none' }
  const { digest, config } = sources
  const { found, doubts } = await findApproval(input, digest)
  const approval = found?.format === resolvedFormat ? found : found && (await renew(input, sources, found))
  if (approval !== undefined && approval !== 'other-commands') {
    await noteSources(input.commonDir, sources)
    return asApproved(input.main, config.path, approval)
  }
  if (input.trustDigest === digest) {
    const resolution = await resolveSources(sources, input.timeLimit)
    return { ...resolution, file: config.file, digest, trust: 'approved' }
  }
  return asUnapproved(input, { file: config.file, digest }, [...doubts, ...(approval === undefined ? [] : [otherCommands])])
}

/** Reads the bytes of the config, evaluating nothing; undefined where there is no config. @throws FlightRulesError CONFIG_FAILED. */
export async function findSources(main: string): Promise<ConfigSources | undefined> {
  const present = await listPresentFiles(main)
  const { findConfigFile } = await import('./find-config.ts')
  const [overrideName] = present.overrides
  const override = overrideName === undefined ? null : join(main, overrideName)
  const file = present.configs.length === 0 ? undefined : await findConfigFile(main)
  const first = file ?? override
  if (first === null) return undefined
  try {
    return await readSources(main, first, first === override ? null : override)
  } catch (error) {
    throw failedConfig(first, undefined, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Evaluates and checks sources whose bytes may run. */
export async function resolveSources(sources: ConfigSources, timeLimit = usualTimeLimit): Promise<Resolution> {
  const { compileConfig } = await import('./compile-config.ts')
  return compileConfig(sources, { timeLimit })
}

/** Remembers which files it was, for the hooks. */
export async function noteSources(commonDir: string, { config, files, digest }: ConfigSources): Promise<void> {
  await writeSnapshot(commonDir, { file: config.path, files: files.map(({ path, sha256 }) => ({ path, sha256 })), digest })
}

/** Approved bytes mean what they meant, read by a newer program; other commands are for a person to see. */
async function renew(input: LoadConfigInput, sources: ConfigSources, old: Approval): Promise<Approval | 'other-commands'> {
  const resolution = await resolveSources(sources, input.timeLimit)
  if (!isSame(listCommands(resolution.config), old.commands)) return 'other-commands'
  const approval = { ...old, ...resolution, format: resolvedFormat }
  await addApproval(input, approval)
  return approval
}

function isSame(a: readonly TrustedCommand[], b: readonly TrustedCommand[]): boolean {
  return (
    JSON.stringify(a.map(({ phase, command }) => [phase, command])) === JSON.stringify(b.map((one) => [one.phase, one.command]))
  )
}

async function asUnapproved(
  input: LoadConfigInput,
  { file, digest }: Pick<LoadedConfig, 'file' | 'digest'>,
  doubts: readonly Finding[],
): Promise<LoadedConfig> {
  const last = await findLastApproved(input)
  const all = [...doubts, ...last.doubts, ...(await findEarlierApprovals(input.commonDir))]
  return {
    config: last.found?.config ?? defaultConfig,
    origins: last.found?.origins ?? {},
    file,
    digest,
    trust: 'unapproved',
    doubts: all.filter(({ message }, index) => all.findIndex((other) => other.message === message) === index),
  }
}

async function nameFirst(main: string): Promise<string> {
  const { configs, overrides } = await listPresentFiles(main)
  return configs[0] ?? overrides[0] ?? ''
}

function unreadable(error: unknown): Finding {
  const { message, hint } = error as Error & { hint?: string }
  return { code: 'CONFIG_FAILED', message, ...(hint === undefined ? {} : { hint }) }
}

const otherCommands: Finding = {
  code: 'COMMANDS_CHANGED',
  message: 'the config is as it was approved, but this version of Flight Rules makes other commands of it',
  hint: 'flightrules trust',
}
