import type { Git } from '../../git/git.ts'
import { askInParts } from '../../git/ask-in-parts.ts'
import { listPathChanges, type PathChange } from '../../git/path-changes.ts'
import { withScratchObjects } from '../../git/scratch-objects.ts'
import { findBases } from '../../radar/find-bases.ts'
import { buildLiveCommits } from '../../radar/live-commits.ts'
import type { Side } from '../../radar/side.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/** What a side changed since it parted. */
export interface Branched {
  readonly name: string
  readonly side: Side
  /** The commit it parted at. */
  readonly fork: string
  /** A session's own log. */
  readonly log: string | null
  readonly committed: readonly PathChange[]
  /** All of it, as it is now, where that tells more than names do: with something moved. */
  readonly live: readonly PathChange[]
}

/** What each session changed since it parted from its base, and what the base of `asking` did since they parted. */
export async function readBranched(
  git: Git,
  sessions: readonly RegisteredSession[],
  sides: readonly Side[],
  asking: string | undefined,
): Promise<Branched[]> {
  const find = (name: string): Side | undefined => sides.find((side) => side.name === name)
  const found = sessions.flatMap(({ session }) => {
    const side = find(session.id)
    const base = find(`base:${session.base}`)
    if (side === undefined) return []
    const other = { name: `base:${session.base}`, side: base, against: side.head, log: null }
    const own = { name: session.id, side, against: base?.head ?? session.baseCommit, log: session.sessionLog }
    return session.id === asking && base !== undefined ? [own, { ...other, side: base }] : [own]
  })
  const forks = await findBases(
    git,
    found.map(({ side, against }) => ({ a: side.head, b: against })),
  )
  const parted = found.map((one, index) => {
    const bases = forks[index] ?? []
    return { ...one, fork: (bases instanceof Error ? undefined : bases[0]) ?? one.against }
  })
  const committed = await listDifferences(
    git,
    parted.map(({ fork, side }) => ({ from: fork, to: side.head })),
  )
  const moved = parted.filter(({ side }) => (side.live?.status.deleted.length ?? 0) > 0)
  const live = await withScratchObjects(git, async (objects) => {
    const commits = await buildLiveCommits(
      git,
      moved.map(({ side }) => side),
      objects,
    )
    const questions = moved.map(({ fork }, index) => ({ from: fork, to: commits[index] ?? fork }))
    return listDifferences(git, questions, objects.env)
  })
  return parted.map(({ name, side, fork, log }, index) => {
    const place = moved.findIndex((one) => one.name === name)
    return { name, side, fork, log, committed: committed[index] ?? [], live: live[place] ?? [] }
  })
}

async function listDifferences(
  git: Git,
  questions: readonly { from: string; to: string }[],
  env: Readonly<Record<string, string>> = {},
): Promise<PathChange[][]> {
  const open = questions.filter(({ from, to }) => from !== to)
  const answers = await askInParts(open, (some) => listPathChanges(git, some, env))
  return questions.map((question) => {
    const answer = answers[open.indexOf(question)] ?? []
    return answer instanceof Error ? [] : answer
  })
}
