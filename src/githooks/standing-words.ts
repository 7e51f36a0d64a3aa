import { namePaths } from '../files/quote-path.ts'
import type { Neighbour } from '../sessions/radar/read-standing.ts'
import type { Session } from '../sessions/session.ts'
import { describeStale } from '../sessions/stale.ts'

/** What a push says of how its session stands to the base and the others. */

export function describeDistance(
  session: Pick<Session, 'id' | 'base' | 'startedAt' | 'lastSyncedAt'>,
  distance: { readonly behind: number; readonly stale: boolean; readonly conflicts: readonly string[] },
  now: Date,
): string {
  const { id, base } = session
  const { behind, stale, conflicts } = distance
  const how = stale
    ? `stale: ${describeStale(session, behind, now)}`
    : `${behind} ${behind === 1 ? 'commit' : 'commits'} behind ${base}`
  const what = conflicts.length === 0 ? '' : `, and merging it would conflict in ${namePaths(conflicts, 10)}`
  // a sync that would conflict changes nothing unless it is told to
  const next = stale ? ` — flightrules sync ${id}${conflicts.length === 0 ? '' : ' --leave-conflicts'}` : ''
  return `flightrules: ${id} is ${how}${what}${next}`
}

const mostNeighbours = 3

/** Who else works on what is pushed: those it would conflict with, and those who change the same specs and notes. */
export function describeNeighbours(id: string, others: readonly Neighbour[], isDocument: (path: string) => boolean): string[] {
  const notes = others.map((other) => ({ ...other, documents: [...other.conflicts, ...other.shared].filter(isDocument) }))
  const inConflict = notes.filter(({ conflicts }) => conflicts.length > 0)
  const inDocuments = notes.filter(({ conflicts, documents }) => conflicts.length === 0 && documents.length > 0)
  const lines = [
    ...inConflict.map(({ id: other, conflicts, documents }) => {
      const named = documents.length === 0 ? '' : `; both change the ${nameDocuments(documents)}`
      return `flightrules: ${id} and ${other} would conflict in ${namePaths(conflicts, 10)}${named}`
    }),
    ...inDocuments.map(
      ({ id: other, documents }) => `flightrules: ${id} and ${other} both change the ${nameDocuments(documents)}`,
    ),
  ]
  if (lines.length === 0) return []
  const rest = lines.length - mostNeighbours
  const next = `flightrules radar ${id}`
  if (rest > 0) return [...lines.slice(0, mostNeighbours), `flightrules: … and ${rest} more — ${next}`]
  return lines.map((line, index) => (index === lines.length - 1 ? `${line} — ${next}` : line))
}

function nameDocuments(paths: readonly string[]): string {
  return `${paths.length === 1 ? 'document' : 'documents'} ${namePaths(paths, 5)}`
}

export function describeConflictingPush({ id, base }: { readonly id: string; readonly base: string }): string[] {
  return [
    `flightrules: push refused: the project wants conflicts with ${base} settled first (hooks.prePush.conflicts)`,
    'flightrules: the ways on:',
    `  flightrules sync ${id} --leave-conflicts    settle them, then push again`,
    '  git push --no-verify    push all the same',
  ]
}
