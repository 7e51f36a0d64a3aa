import { listBranchTips } from '../../git/branches.ts'
import { readCommits } from '../../git/log.ts'
import { readRef } from '../../git/refs.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { completeLog } from './complete-log.ts'
import type { EndWork } from './end-work.ts'
import { isMerged, requireBase } from './integrate-step.ts'
import { requireHead } from './ready-session.ts'

/** Closes the session's log with what was done, and commits it. */
export const completeLogStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, entry, checked, findings, input } = work
    const head = await requireHead(context, entry)
    const isStandard = entry.session.mode === 'standard'
    if (input.strategy === 'merge' && !isStandard && (await isMerged(context, entry, await requireBase(context, entry), head)))
      return
    const base = await findOrigin(context, entry, checked.request?.destination.remote)
    const commits = await readCommits(context.git, base, head)
    findings.push(...(await completeLog(context, entry, { how: String(step.how), commits })))
  },
}

/** What the session's commits are counted from: its base, as far as is known where it goes. */
async function findOrigin({ git }: Context, { session }: RegisteredSession, remote: string | undefined): Promise<string> {
  const { base, baseCommit } = session
  if (session.mode === 'standard') return baseCommit
  if (remote === undefined) return (await readRef(git, `refs/heads/${base}`)) ?? baseCommit
  const tips = await listBranchTips(git, [`refs/heads/${base}`, `refs/remotes/${remote}/${base}`])
  return tips.remote.get(`${remote}/${base}`) ?? tips.local.get(base) ?? baseCommit
}
