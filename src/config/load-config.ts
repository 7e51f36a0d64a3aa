import { join } from 'node:path'
import { loadApprovals } from './approvals.ts'
import { defaultConfig } from './defaults.ts'
import { failedConfig } from './problem.ts'
import { type PresentFiles, listPresentFiles } from './present-files.ts'
import { type ConfigSources, readSources } from './read-sources.ts'
import { type SnapshotQuery, findLastApproved, loadSnapshot, prepareCacheDirectory, writeSnapshot } from './snapshot.ts'
import type { LoadedConfig } from './types.ts'

export interface LoadConfigInput extends SnapshotQuery {
  /** Milliseconds the evaluation of one file may take. Default 5000. */
  readonly timeLimit?: number
}

const usualTimeLimit = 5000

/**
 * The project's configuration, from its snapshot where nothing changed, else loaded anew. What nobody approved is
 * neither evaluated nor read: the values are then the last approved ones, or the defaults.
 * @throws FlightRulesError CONFIG_FAILED, CONFIG_TIMEOUT, CONFIG_INVALID, all of them for an approved config only.
 */
export async function loadConfig(input: LoadConfigInput): Promise<LoadedConfig> {
  const known = await loadSnapshot(input)
  if (known !== undefined) return known
  const found = await findSources(input.main)
  if (found === undefined) return { config: defaultConfig, origins: {}, file: null, digest: null, trust: 'none' }
  const isKept = (await loadApprovals(input.commonDir)).some((approval) => approval.digest === found.sources.digest)
  if (!isKept && input.trustDigest !== found.sources.digest) return asUnapproved(input, found.sources)
  return compileSources(input, found, isKept)
}

/** The sources a config is made of and the files that were there beside them. */
export interface FoundSources {
  readonly sources: ConfigSources
  readonly present: PresentFiles
}

/** Reads the bytes of the config, evaluating nothing; undefined where there is no config. */
export async function findSources(main: string): Promise<FoundSources | undefined> {
  const present = await listPresentFiles(main)
  const { findConfigFile } = await import('./find-config.ts')
  const [overrideName] = present.overrides
  const override = overrideName === undefined ? null : join(main, overrideName)
  const file = present.configs.length === 0 ? undefined : await findConfigFile(main)
  const first = file ?? override
  if (first === null) return undefined
  try {
    return { present, sources: await readSources(main, first, first === override ? null : override) }
  } catch (error) {
    throw failedConfig(first, undefined, `it cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Evaluates approved sources. `keep`: their compiled form becomes the snapshot that hooks read. */
export async function compileSources(input: LoadConfigInput, found: FoundSources, keep: boolean): Promise<LoadedConfig> {
  const { sources, present } = found
  const { compileConfig } = await import('./compile-config.ts')
  const cache = await prepareCacheDirectory(input.commonDir)
  const { config, origins } = await compileConfig(sources, { cache, timeLimit: input.timeLimit ?? usualTimeLimit })
  if (keep) {
    await writeSnapshot(input.commonDir, {
      present: [...present.configs, ...present.overrides],
      file: sources.config.path,
      files: sources.files.map(({ path, sha256 }) => ({ path, sha256 })),
      digest: sources.digest,
      config,
      origins,
    })
  }
  return { config, origins, file: sources.config.file, digest: sources.digest, trust: 'approved' }
}

async function asUnapproved(input: LoadConfigInput, sources: ConfigSources): Promise<LoadedConfig> {
  const last = await findLastApproved(input.commonDir)
  return {
    config: last?.config ?? defaultConfig,
    origins: last?.origins ?? {},
    file: sources.config.file,
    digest: sources.digest,
    trust: 'unapproved',
  }
}
