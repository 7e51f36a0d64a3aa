import type { StepHandler } from '../../operations/apply-plan.ts'
import { pushBranch } from '../../integrate/push.ts'
import { chooseRemote } from '../../integrate/remotes.ts'
import { closeKept, saveLog } from './close-kept.ts'
import type { EndWork } from './end-work.ts'

export const saveLogStep: StepHandler<EndWork> = {
  async apply(_step, { context, entry, findings }) {
    findings.push(...(await saveLog(context, entry)))
  },
}

/** Pushes the branch: of a request where that goes, of a session that is kept where there is a remote. */
export const pushStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, checked, input } = work
    const { session, worktree } = entry
    const branch = worktree.branch?.replace('refs/heads/', '')
    if (branch === undefined) return
    const known = input.strategy === 'pr' ? checked.request?.destination.remote : undefined
    const remote = known ?? (await chooseRemote(context.git, { base: session.base, branch }))
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
