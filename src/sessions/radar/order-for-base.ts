import type { Git } from '../../git/git.ts'
import { askInParts } from '../../git/ask-in-parts.ts'
import { listPathChanges } from '../../git/path-changes.ts'
import type { ScratchObjects } from '../../git/scratch-objects.ts'
import { findBases } from '../../radar/find-bases.ts'
import { chooseLargestPeace } from '../../radar/merge-order.ts'
import { type Rehearsed, rehearseEach, rehearseOrder } from '../../radar/rehearse.ts'
import type { OrderEntry, OrderReason } from './order-answer.ts'
import type { RadarPair } from './read-radar.ts'

export interface Candidate {
  readonly id: string
  readonly base: string
  /** Commit it is at. */
  readonly head: string
  /** One that holds what it holds now. */
  readonly commit: string
  /** It works on the base itself. */
  readonly isInBase: boolean
  /** All that is in its worktree could be looked at. */
  readonly isSeen: boolean
  readonly uncommitted: boolean
  /** Milliseconds since 1970 it was started at. */
  readonly since: number
}

interface Target {
  readonly base: string
  /** Commit the base is at; null where it is gone. */
  readonly tip: string | null
  readonly pairs: readonly RadarPair[]
}

/** First the most that can follow each other in peace, then those somebody has to resolve, those that conflict with the base as it is last. */
export async function orderForBase(
  git: Git,
  { base, tip, pairs }: Target,
  candidates: readonly Candidate[],
  objects: ScratchObjects,
): Promise<OrderEntry[]> {
  const ids = new Set(candidates.map(({ id }) => id))
  const enemies = new Map<string, string[]>([...ids].map((id) => [id, []]))
  for (const { a, b, conflict } of pairs) {
    if (conflict.length === 0 || !ids.has(a) || !ids.has(b)) continue
    enemies.get(a)?.push(b)
    enemies.get(b)?.push(a)
  }
  const tell = ({ id, uncommitted }: Candidate, reason: OrderReason, paths: readonly string[] = []): OrderEntry => {
    const conflictsWith = [...(enemies.get(id) ?? []), ...(reason === 'base' ? [`base:${base}`] : [])]
    return { id, base, reason, conflictsWith, paths, uncommitted }
  }
  if (tip === null) return candidates.map((candidate) => tell(candidate, 'no-base'))
  const branched = candidates.filter(({ isInBase }) => !isInBase)
  const alone = await rehearseAlone(git, tip, branched, objects)
  const outcomes = new Map(branched.map((candidate, index) => [candidate, alone[index]?.outcome ?? 'failed']))
  const select = (...wanted: readonly Rehearsed['outcome'][]): Candidate[] =>
    branched.filter((candidate) => wanted.includes(outcomes.get(candidate) ?? 'failed'))
  const isBlocked = (candidate: Candidate): boolean => outcomes.get(candidate) === 'conflict'
  const free = select('merged')
  const peaceful = await choosePeaceful(git, tip, free, enemies, objects)
  const byTrouble = (a: Candidate, b: Candidate): number =>
    (enemies.get(a.id)?.length ?? 0) - (enemies.get(b.id)?.length ?? 0) || a.since - b.since
  const rest = [...free.filter((one) => !peaceful.includes(one)).sort(byTrouble), ...select('conflict').sort(byTrouble)]
  const merged: OrderEntry[] = []
  const first = await rehearse(git, tip, [...peaceful, ...rest], objects)
  // against all that merged: what conflicts with some of it conflicts in more files with all of it
  const second = await rehearse(git, first.end, first.conflicting, objects)
  for (const candidate of [...first.merged, ...second.merged]) merged.push(tell(candidate, 'merges'))
  const before = new Set(merged.map(({ id }) => id))
  const conflicting = second.conflicting.map((candidate, index) => {
    const hasEnemy = enemies.get(candidate.id)?.some((id) => before.has(id)) === true
    before.add(candidate.id)
    return tell(candidate, isBlocked(candidate) ? 'base' : hasEnemy ? 'sessions' : 'together', second.paths[index])
  })
  return [
    ...merged,
    ...conflicting,
    ...select('same').map((candidate) => tell(candidate, candidate.isSeen ? 'nothing' : 'unreadable')),
    ...select('failed').map((candidate) => tell(candidate, 'unreadable')),
    ...candidates.filter(({ isInBase }) => isInBase).map((candidate) => tell(candidate, 'in-base')),
  ]
}

async function rehearseAlone(
  git: Git,
  tip: string,
  candidates: readonly Candidate[],
  objects: ScratchObjects,
): Promise<Rehearsed[]> {
  if (candidates.length === 0) return []
  const tree = await git.readLine(['rev-parse', `${tip}^{tree}`])
  const commits = candidates.map(({ commit }) => commit)
  return rehearseEach(git, { commit: tip, tree }, commits, objects)
}

async function choosePeaceful(
  git: Git,
  tip: string,
  candidates: readonly Candidate[],
  enemies: ReadonlyMap<string, readonly string[]>,
  objects: ScratchObjects,
): Promise<Candidate[]> {
  const forks = await findBases(
    git,
    candidates.map(({ head }) => ({ a: head, b: tip })),
  )
  const questions = candidates.map(({ commit }, index) => ({ from: firstOf(forks[index]) ?? tip, to: commit }))
  const changes = await askInParts(questions, (some) => listPathChanges(git, some, objects.env))
  const places = new Map(candidates.map(({ id }, place) => [id, place]))
  const graph = candidates.map(({ id, since }, index) => ({
    conflicts: new Set((enemies.get(id) ?? []).flatMap((other) => places.get(other) ?? [])),
    files: countOf(changes[index]),
    since,
  }))
  return chooseLargestPeace(graph).flatMap((place) => candidates[place] ?? [])
}

function firstOf(list: readonly string[] | Error | undefined): string | undefined {
  return list instanceof Error ? undefined : list?.[0]
}

function countOf(list: readonly unknown[] | Error | undefined): number {
  return list === undefined || list instanceof Error ? 0 : list.length
}

async function rehearse(
  git: Git,
  base: string,
  candidates: readonly Candidate[],
  objects: ScratchObjects,
): Promise<{
  end: string
  merged: readonly Candidate[]
  conflicting: readonly Candidate[]
  /** Files of the conflicting ones. */
  paths: readonly (readonly string[])[]
}> {
  const commits = candidates.map(({ commit }) => commit)
  const { results, end } = await rehearseOrder(git, base, commits, objects)
  const conflicted = results.filter(({ outcome }) => outcome !== 'merged')
  return {
    end,
    merged: candidates.filter((_candidate, index) => results[index]?.outcome === 'merged'),
    conflicting: candidates.filter((_candidate, index) => results[index]?.outcome !== 'merged'),
    paths: conflicted.map(({ conflicts }) => conflicts.map(({ path }) => path)),
  }
}
