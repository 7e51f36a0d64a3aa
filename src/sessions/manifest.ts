import { relative, resolve, sep } from 'node:path'
import { hasFields, isFlag, isListOf, isMapOf, isNumber, isOneOf, isText, orAbsent, orNull } from '../files/shape.ts'
import type { StoredManifest } from './manifest-schema.ts'
import type { Session } from './session.ts'

const hasManifestFields = hasFields({
  version: isNumber,
  project: isText,
  main: isText,
  sessions: isListOf(
    hasFields({
      id: isText,
      branch: orNull(isText),
      worktree: isText,
      startedAt: isText,
      goals: isListOf(isText),
      status: isOneOf('creating', 'active', 'ending', 'kept'),
      ports: isMapOf(isNumber),
      orphaned: orAbsent(isFlag),
    }),
  ),
})

/** Whether a value is a manifest, of any version. */
export function isManifest(value: unknown): value is StoredManifest {
  return hasManifestFields(value)
}

export interface ManifestEntry extends Omit<Session, 'envFiles' | 'uuid' | 'ownsBranch' | 'touch'> {
  /** Relative to the main worktree, with forward slashes. */
  readonly worktree: string
  /** Names only. */
  readonly envFiles: readonly string[]
  /** Declared globs; an entry of an earlier version has none. */
  readonly touch?: readonly string[]
  /** The worktree is gone without having been ended. */
  readonly orphaned?: boolean
}

export interface Manifest {
  readonly version: 1
  readonly project: string
  readonly main: string
  readonly sessions: readonly ManifestEntry[]
}

/** A session as the manifest shows it. */
export function toManifestEntry(session: Session, main: string, path: string): ManifestEntry {
  return {
    id: session.id,
    branch: session.branch,
    worktree: toManifestPath(main, path),
    startedAt: session.startedAt,
    sessionLog: session.sessionLog,
    goals: session.goals,
    touch: session.touch ?? [],
    status: session.status,
    mode: session.mode,
    base: session.base,
    baseCommit: session.baseCommit,
    lastSyncedAt: session.lastSyncedAt,
    ports: session.ports,
    envFiles: session.envFiles.map((file) => file.path),
    setup: session.setup,
    createdBy: session.createdBy,
    issue: session.issue,
    pr: session.pr,
    ...(session.foreign === undefined ? {} : { foreign: session.foreign }),
  }
}

/** Where an entry says its worktree is; never a reason to delete anything. */
export function resolveManifestPath(main: string, entry: Pick<ManifestEntry, 'worktree'>): string {
  return resolve(main, entry.worktree)
}

/**
 * The manifest's text: our entries, with the fields that a newer version or another tool wrote kept
 * in place, in the order sessions began.
 */
export function renderManifest(manifest: Manifest, previous: StoredManifest | undefined): string {
  const known = new Map((previous?.sessions ?? []).map((entry) => [entry.id, entry]))
  const sessions = manifest.sessions
    .toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.id, b.id))
    .map((entry) => {
      const { orphaned: _was, ...earlier } = known.get(entry.id) ?? {}
      return { ...entry, ...pickUnknown(earlier, entry) }
    })
  return `${JSON.stringify({ ...manifest, sessions, ...pickUnknown(previous ?? {}, manifest) }, null, 2)}\n`
}

function pickUnknown(earlier: Readonly<Record<string, unknown>>, ours: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(earlier).filter(([key]) => !Object.hasOwn(ours, key)))
}

export function toManifestPath(main: string, path: string): string {
  const result = relative(main, path)
  return result === '' ? '.' : result.split(sep).join('/')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
