import { findMergeBase } from '../../git/ancestry.ts'
import { listBranchTips } from '../../git/branches.ts'
import { compareCommits } from '../../git/diff-stat.ts'
import { readCommits } from '../../git/log.ts'
import { readRef } from '../../git/refs.ts'
import type { Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { Outcome } from '../log/outcome.ts'
import { withoutLogCommits } from './complete-log.ts'
import type { EndWork } from './end-work.ts'

/** What the log is to say of a session's end: as the step has it, and what its branch holds up to `head`. */
export async function readOutcome(work: EndWork, { how, integration }: Step, head: string): Promise<Outcome> {
  const { context, entry, checked } = work
  const { id, pr, sessionLog } = entry.session
  const base = await findOrigin(context, entry, checked.request?.destination.remote)
  const commits = withoutLogCommits(id, await readCommits(context.git, base, head)).toReversed()
  // what the base has got since is not this session's
  const from = await findMergeBase(context.git, base, head)
  const changes = from === null ? null : await compareCommits(context.git, from, head, sessionLog ?? '')
  return { how: String(how), integration: String(integration), changes, commits, request: pr?.url ?? null }
}

/** What the session's commits are counted from: its base, as far as is known where it goes. */
async function findOrigin({ git }: Context, { session }: RegisteredSession, remote: string | undefined): Promise<string> {
  const { base, baseCommit } = session
  if (session.mode === 'standard') return baseCommit
  if (remote === undefined) return (await readRef(git, `refs/heads/${base}`)) ?? baseCommit
  const tips = await listBranchTips(git, [`refs/heads/${base}`, `refs/remotes/${remote}/${base}`])
  return tips.remote.get(`${remote}/${base}`) ?? tips.local.get(base) ?? baseCommit
}
