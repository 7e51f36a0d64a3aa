import type { Finding } from '../../errors.ts'
import { mapSideBySide } from '../../files/side-by-side.ts'
import { readStatus, type WorktreeStatus } from '../../git/status.ts'
import type { Side, SidePair } from '../../radar/side.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { readSessionBases, type SessionBases } from '../session-bases.ts'

export interface Sides {
  readonly sides: readonly Side[]
  /** Each session with each other one, and with its base. */
  readonly pairs: readonly SidePair[]
  /** What cannot be compared, or not as it is. */
  readonly findings: readonly Finding[]
}

/**
 * What is compared: every session as it is now, and the bases they go back to. What `readSessionBases` costs where there are no `knownBases`, one
 * `git status` for each session that `statuses` does not have; null there says that git could not tell.
 */
export async function collectSides(
  context: Context,
  sessions: readonly RegisteredSession[],
  statuses: ReadonlyMap<string, WorktreeStatus | null> = new Map(),
  knownBases?: SessionBases,
): Promise<Sides> {
  const findings: Finding[] = []
  const names = [...new Set(sessions.map(({ session }) => session.base))]
  const [bases, live] = await Promise.all([
    knownBases ?? readSessionBases(context.git, sessions),
    mapSideBySide(sessions, (entry) => readLive(context, entry, statuses)),
  ])
  const sides: Side[] = []
  const places: { index: number; base: string }[] = []
  for (const [number, { session, worktree, gitDir }] of sessions.entries()) {
    const status = live[number] ?? null
    const head = status?.head ?? worktree.head
    if (head === null) {
      findings.push(unborn(session.id, worktree.path))
      continue
    }
    if (status === null) findings.push(unreachable(session.id, worktree.path, worktree.prunable))
    places.push({ index: sides.length, base: session.base })
    // where its base is gone, what it has from there is what it started with
    const base = bases.tipOf(session.base) ?? session.baseCommit
    sides.push({ name: session.id, head, base, live: status === null ? null : { worktree: worktree.path, gitDir, status } })
  }
  const pairs: SidePair[] = places.flatMap(({ index }, place) =>
    places.slice(place + 1).map((other): SidePair => [index, other.index]),
  )
  for (const base of names) {
    const tip = bases.tipOf(base)
    const users = places.filter((place) => place.base === base)
    if (users.length === 0) continue
    if (tip === null) {
      findings.push(
        baseGone(
          base,
          users.map(({ index }) => sides[index]?.name ?? ''),
        ),
      )
      continue
    }
    pairs.push(...users.map(({ index }): SidePair => [index, sides.length]))
    sides.push({ name: `base:${base}`, head: tip, base: null, live: null })
  }
  return { sides, pairs, findings }
}

async function readLive(
  { git }: Context,
  { session, worktree }: RegisteredSession,
  statuses: ReadonlyMap<string, WorktreeStatus | null>,
): Promise<WorktreeStatus | null> {
  const known = statuses.get(session.id)
  if (known !== undefined) return known
  return worktree.prunable === null ? readStatus(git, worktree.path).catch(() => null) : null
}

function unborn(id: string, path: string): Finding {
  return {
    code: 'NO_COMMITS',
    message: `session ${id} has no commit checked out, so it was compared with nothing`,
    hint: `look at it in ${path}`,
    details: { id },
  }
}

function unreachable(id: string, path: string, prunable: string | null): Finding {
  const why = prunable === null ? `git cannot tell what is in ${path}` : `its worktree is not at ${path}`
  return {
    code: 'SESSION_UNREACHABLE',
    message: `session ${id}: ${why}; only its commits were compared`,
    hint: 'flightrules doctor',
    details: { id, path },
  }
}

function baseGone(base: string, ids: readonly string[]): Finding {
  return {
    code: 'BASE_GONE',
    message: `${base}, the base of ${ids.join(', ')}, is not there any more; ${ids.length === 1 ? 'that session was' : 'those sessions were'} compared with the others only`,
    hint: `git branch ${base} <commit>`,
    details: { base, ids },
  }
}
