import { FlightRulesError } from '../../errors.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { pushBranch } from '../../integrate/push.ts'
import { closeKept } from './close-kept.ts'
import type { EndWork } from './end-work.ts'
import { readOutcome } from './read-outcome.ts'
import { choosePushRemote } from './request-destination.ts'
import { saveLog } from './save-log.ts'

export const saveLogStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, entry, findings, input } = work
    // of what is kept the log itself is complete by now; of what is dropped only the copy says so, for that may be taken back
    const { head } = entry.worktree
    const isToSay = input.strategy === 'abandon' && head !== null
    const outcome = isToSay ? await readOutcome(work, step, head).catch(heedInterruption) : null
    findings.push(...(await saveLog(context, entry, outcome)))
  },
}

/** What is not found out about work that is dropped keeps nobody from dropping it. */
function heedInterruption(error: unknown): null {
  if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
  return null
}

/** Pushes the branch: of a request where that goes, of a session that is kept where there is a remote. */
export const pushStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, checked, input } = work
    const { session, worktree } = entry
    const branch = worktree.branch?.replace('refs/heads/', '')
    if (branch === undefined) return
    const known = input.strategy === 'pr' ? checked.request?.destination.remote : undefined
    const remote = known ?? (await choosePushRemote(context, session.base, branch, input.remote))
    if (remote === null) return
    work.tracking = `refs/remotes/${remote}/${branch}`
    await work.note({ pushing: { remote, branch, tracking: work.tracking } })
    context.report({ event: 'pushing', branch, remote })
    const { oid } = await pushBranch(context.git.at(worktree.path), {
      remote,
      branch,
      setUpstream: true,
      onStderr: (chunk) => context.report({ event: 'git-output', chunk }),
    })
    await work.note({ pushed: { remote, branch, oid } })
    work.result = { ...work.result, pushed: true }
  },
}

export const keepStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, op, result, move } = work
    const integrated =
      result.integrated === null ? null : { ...result.integrated, ...(move === undefined ? {} : { from: move.from }) }
    work.findings.push(...(await closeKept(context, entry, { op, integrated, pushed: result.pushed })))
  },
}
