import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { mapSideBySide } from '../../files/side-by-side.ts'
import type { Git } from '../../git/git.ts'
import { readCommits } from '../../git/log.ts'
import type { PathChange } from '../../git/path-changes.ts'
import { changedPaths } from '../../git/status.ts'
import type { Side } from '../../radar/side.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { isAt } from './is-at.ts'
import { isDocument } from './is-document.ts'
import { type Branched, readBranched } from './read-branched.ts'
import type { RadarPair, RadarReport } from './read-radar.ts'
import type { FileTouches, Touch } from './touch-answer.ts'

export interface TouchQuestion {
  readonly sessions: readonly RegisteredSession[]
  /** From the root of a worktree. */
  readonly paths: readonly string[]
  /** The session that asks: it is not named itself, and conflicts are those with it. */
  readonly asking: string | undefined
}

/** Who changes these files or folders, committed or not, and whether that would conflict. */
export async function readTouches(context: Context, question: TouchQuestion, report: RadarReport): Promise<FileTouches[]> {
  const all = await readBranched(context.git, question.sessions, report.sides, question.asking)
  const pairs = report.pairs.filter(({ a, b }) => question.asking === undefined || [a, b].includes(question.asking))
  const others = all.filter(({ name }) => name !== question.asking)
  const files: FileTouches[] = []
  for (const path of question.paths) {
    const names = collectNames(path, all)
    const found = await mapSideBySide(others, (one) => findTouch(context.git, one, names, pairs))
    const touchedBy = found.filter((touch) => touch !== undefined).toSorted(byWeight)
    files.push({ path, document: isDocument(context.loaded.config, path), touchedBy })
  }
  return files
}

function byWeight(a: Touch, b: Touch): number {
  return (
    Number(b.conflict) - Number(a.conflict) || (Date.parse(a.since ?? '') || Infinity) - (Date.parse(b.since ?? '') || Infinity)
  )
}

/** The path, and what a file of that name was or is called by those who moved it. */
function collectNames(path: string, all: readonly Branched[]): string[] {
  const moves = all.flatMap(({ committed, live }) => [...committed, ...live]).filter(({ from }) => from !== undefined)
  const partners = moves.flatMap(({ path: to, from = to }) => (isAt(path, from) ? [to] : isAt(path, to) ? [from] : []))
  return [...new Set([path, ...partners])]
}

async function findTouch(
  git: Git,
  { name, fork, log, side, committed, live }: Branched,
  names: readonly string[],
  pairs: readonly RadarPair[],
): Promise<Touch | undefined> {
  // each session has a log of its own, in which nobody else writes
  const isMeant = (candidate: string): boolean => candidate !== log && names.some((path) => isAt(path, candidate))
  const select = (changes: readonly PathChange[]): string[] =>
    [...new Set(changes.flatMap(({ path, from = path }) => [path, from]))].filter(isMeant)
  const dirty = (side.live === null ? [] : changedPaths(side.live.status)).filter(isMeant)
  const inCommits = select(committed)
  const paths = [...new Set([...inCommits, ...select(live), ...dirty])].sort()
  if (paths.length === 0) return undefined
  const conflict = pairs.some((pair) => (pair.a === name || pair.b === name) && pair.conflict.some(({ path }) => isMeant(path)))
  const since = inCommits.length > 0 ? await findFirstCommit(git, fork, side.head, inCommits) : await findOldestFile(side, dirty)
  return { id: name, since, committed: inCommits.length > 0, uncommitted: dirty.length > 0, conflict, paths }
}

/** So many names fit on a command line; with more any commit will do. */
const mostNames = 200

async function findFirstCommit(git: Git, fork: string, head: string, paths: readonly string[]): Promise<string | null> {
  const commits = await readCommits(git, fork, head, paths.length > mostNames ? {} : { paths })
  const times = commits.map(({ authorDate }) => Number(authorDate.split(' ')[0]) * 1000).filter((time) => time > 0)
  return toIso(times)
}

async function findOldestFile({ live }: Side, paths: readonly string[]): Promise<string | null> {
  const stats = await Promise.all(paths.map((path) => lstat(join(live?.worktree ?? '', path)).catch(() => undefined)))
  return toIso(stats.flatMap((one) => (one === undefined ? [] : [one.mtimeMs])))
}

function toIso(times: readonly number[]): string | null {
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString()
}
