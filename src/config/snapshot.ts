import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'
import { loadApprovals } from './approvals.ts'
import { defaultConfig } from './defaults.ts'
import { type HashedFile, digestOf } from './digest.ts'
import { listPresentFiles } from './present-files.ts'
import { readRecorded } from './read-sources.ts'
import type { ConfigOrigins, LoadedConfig, ResolvedConfig } from './types.ts'

/** Raised when the shape of the snapshot or the meaning of a resolved value changes. */
const snapshotVersion = 1

/** The compiled form of an approved config: what git's hooks read. */
export interface Snapshot {
  readonly version: number
  /** The config files that were there, also those another one went before. */
  readonly present: readonly string[]
  /** The file that is the configuration, relative to the main worktree. */
  readonly file: string
  readonly files: readonly HashedFile[]
  readonly digest: string
  readonly config: ResolvedConfig
  readonly origins: ConfigOrigins
}

export interface SnapshotQuery {
  /** The main worktree. */
  readonly main: string
  readonly commonDir: string
  /** A digest approved for this command only. */
  readonly trustDigest?: string | undefined
}

/**
 * The configuration from its compiled snapshot, where no file of it changed since and it is approved; also the plain
 * answer that there is no config. Undefined: only `loadConfig` can tell. Reads files only, evaluates nothing.
 */
export async function loadSnapshot(query: SnapshotQuery): Promise<LoadedConfig | undefined> {
  const { configs, overrides } = await listPresentFiles(query.main)
  const present = [...configs, ...overrides]
  if (present.length === 0) return { config: defaultConfig, origins: {}, file: null, digest: null, trust: 'none' }
  const snapshot = await readSnapshot(query.commonDir)
  if (snapshot === undefined || snapshot.present.join() !== present.join()) return undefined
  if (!(await isUnchanged(query.main, snapshot))) return undefined
  if (snapshot.digest !== query.trustDigest && !(await isApproved(query.commonDir, snapshot.digest))) return undefined
  return {
    config: snapshot.config,
    origins: snapshot.origins,
    file: join(query.main, snapshot.file),
    digest: snapshot.digest,
    trust: 'approved',
  }
}

/** The last compiled config whose digest is still approved, changed since or not. */
export async function findLastApproved(commonDir: string): Promise<Snapshot | undefined> {
  const snapshot = await readSnapshot(commonDir)
  return snapshot !== undefined && (await isApproved(commonDir, snapshot.digest)) ? snapshot : undefined
}

/** Keeps the compiled form. It is a cache: where it cannot be written the next command compiles again. */
export async function writeSnapshot(commonDir: string, snapshot: Omit<Snapshot, 'version'>): Promise<void> {
  const text = `${JSON.stringify({ version: snapshotVersion, ...snapshot })}\n`
  await replaceFile(snapshotFile(commonDir), text, { mode: 0o600 }).catch(() => {})
}

/** The directory of compiled sources, for this user alone. Undefined where it cannot be made. */
export async function prepareCacheDirectory(commonDir: string): Promise<string | undefined> {
  const directory = join(commonDir, 'flightrules', 'cache')
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await chmod(directory, 0o700)
    return directory
  } catch {
    return undefined
  }
}

async function isApproved(commonDir: string, digest: string): Promise<boolean> {
  return (await loadApprovals(commonDir)).some((approval) => approval.digest === digest)
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
    return isSnapshot(content) ? content : undefined
  } catch {
    return undefined
  }
}

function snapshotFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'config.json')
}

/** Checked by hand: a schema library would cost each hook more than the rest of its work. */
function isSnapshot(value: unknown): value is Snapshot {
  if (!isObject(value)) return false
  const { version, present, file, files, digest, config, origins } = value
  if (version !== snapshotVersion || typeof file !== 'string' || typeof digest !== 'string') return false
  if (!Array.isArray(present) || !Array.isArray(files) || !isObject(config) || !isObject(origins)) return false
  if (!files.every((one: unknown) => isObject(one) && typeof one['path'] === 'string' && typeof one['sha256'] === 'string'))
    return false
  return Object.entries(defaultConfig).every(([key, byDefault]) => hasShape(config[key], byDefault, key))
}

/** Whether a value has the kind its default has; enough for a file only we write. */
function hasShape(value: unknown, byDefault: unknown, key: string): boolean {
  if (key === 'base') return value === null || typeof value === 'string'
  if (key === 'sessionLog' && value === false) return true
  if (key === 'postCreateHook' || key === 'preRemoveHook') return Array.isArray(value) || isObject(value)
  if (Array.isArray(byDefault)) return Array.isArray(value)
  if (!isObject(byDefault)) return typeof value === typeof byDefault
  return isObject(value) && Object.keys(byDefault).every((name) => Object.hasOwn(value, name))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
