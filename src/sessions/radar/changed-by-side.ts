import type { Git } from '../../git/git.ts'
import { changedPaths } from '../../git/status.ts'
import type { Side } from '../../radar/side.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { readBranched } from './read-branched.ts'

/** By id: what each session has changed since it parted from its base, committed or not, sorted; its own log is left out. */
export async function listChangedBySession(
  git: Git,
  sessions: readonly RegisteredSession[],
  sides: readonly Side[],
): Promise<Map<string, readonly string[]>> {
  const branched = await readBranched(git, sessions, sides, undefined)
  return new Map(
    branched.map(({ name, committed, live, side, log }) => {
      const dirty = side.live === null ? [] : changedPaths(side.live.status)
      const all = [...committed, ...live].map(({ path }) => path)
      return [name, [...new Set([...all, ...dirty])].filter((path) => path !== log).sort()]
    }),
  )
}
