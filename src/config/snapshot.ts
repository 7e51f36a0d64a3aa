import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasFields, isListOf, isOneOf, isText } from '../files/shape.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { ApprovalPlace } from './approval-store.ts'
import { type Approval, findApproval, resolvedFormat } from './approvals.ts'
import { defaultConfig } from './defaults.ts'
import { type HashedFile, digestOf } from './digest.ts'
import { type PresentFiles, listPresentFiles } from './present-files.ts'
import { readRecorded } from './read-sources.ts'
import type { LoadedConfig } from './types.ts'

const version = 2

/**
 * Which files the configuration was made of when it was last loaded, so that hooks need not find out again. A cache that anybody may
 * write: it holds no values, and what it names counts only where its digest is that of the files as they are and is approved.
 */
interface Snapshot {
  readonly version: number
  /** The file that is the configuration, relative to the main worktree. */
  readonly file: string
  readonly files: readonly HashedFile[]
  readonly digest: string
}

export interface ConfigQuery extends ApprovalPlace {
  /** The main worktree. */
  readonly main: string
  /** A digest approved for this command only. */
  readonly trustDigest?: string | undefined
}

/**
 * The approved values, where no file of the configuration changed since they were last loaded; also the plain answer that there is no
 * config. Undefined: only `loadConfig` can tell. Reads files only, evaluates nothing.
 */
export async function loadSnapshot(query: ConfigQuery): Promise<LoadedConfig | undefined> {
  const [present, snapshot] = await Promise.all([listPresentFiles(query.main), readSnapshot(query.commonDir)])
  const counting = listCounting(present)
  if (counting.length === 0) return { config: defaultConfig, origins: {}, file: null, digest: null, trust: 'none' }
  if (snapshot === undefined || snapshot.file !== counting[0]) return undefined
  if (!counting.every((name) => snapshot.files.some(({ path }) => path === name))) return undefined
  const [isSame, { found }] = await Promise.all([isUnchanged(query.main, snapshot), findApproval(query, snapshot.digest)])
  return isSame && found?.format === resolvedFormat ? asApproved(query.main, snapshot.file, found) : undefined
}

/** What an approval stands for, as everything below gets it. */
export function asApproved(main: string, file: string, { config, origins, digest }: Approval): LoadedConfig {
  return { config, origins, file: join(main, file), digest, trust: 'approved' }
}

/** The digest that was loaded last; undefined where that is not known. */
export async function readLastDigest(commonDir: string): Promise<string | undefined> {
  return (await readSnapshot(commonDir))?.digest
}

/** It is a cache: where it cannot be written the next command finds out again. */
export async function writeSnapshot(commonDir: string, snapshot: Omit<Snapshot, 'version'>): Promise<void> {
  await replaceFile(snapshotFile(commonDir), `${JSON.stringify({ version, ...snapshot })}\n`, { mode: 0o600 }).catch(() => {})
}

/** The project's file and the personal one, the first of which is the configuration. */
function listCounting({ configs, overrides }: PresentFiles): string[] {
  return [configs[0], overrides[0]].filter((name) => name !== undefined)
}

async function isUnchanged(main: string, snapshot: Snapshot): Promise<boolean> {
  const current = await Promise.all(
    snapshot.files.map((file) => readRecorded(main, file.path, snapshot.file).catch(() => undefined)),
  )
  return (
    snapshot.files.every((file, index) => current[index]?.sha256 === file.sha256) && digestOf(snapshot.files) === snapshot.digest
  )
}

async function readSnapshot(commonDir: string): Promise<Snapshot | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(snapshotFile(commonDir), 'utf8'))
    return isSnapshot(content) ? (content as Snapshot) : undefined
  } catch {
    return undefined
  }
}

const isSnapshot = hasFields({
  version: isOneOf(version),
  file: isText,
  digest: isText,
  files: isListOf(hasFields({ path: isText, sha256: isText })),
})

function snapshotFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'config.json')
}
