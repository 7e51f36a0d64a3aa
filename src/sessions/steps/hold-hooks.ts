import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Step } from '../../operations/plan.ts'
import { commonDirOf } from '../context.ts'
import type { Work } from '../work.ts'

export function holdHooksStep(): Step {
  return { kind: 'hold-hooks', undo: 'git runs its hooks there again' }
}

/** All of these are not stopped half-way: a git that is killed over the shared configuration leaves it locked for everybody. */

/** Before there is a session: at no moment anybody's git runs what came with somebody else's work. */
export const holdHooksHandler: StepHandler<Work> = {
  async apply(_step, { context, gitDir }) {
    const { holdHooks } = await import('../../git/held-hooks.ts')
    await holdHooks(context.git.withoutSignal(), commonDirOf(context), gitDir)
  },
  async undo(_step, { context, gitDir }) {
    if (gitDir === '') return
    const { releaseHooks } = await import('../../git/held-hooks.ts')
    await releaseHooks(context.git.withoutSignal(), gitDir)
  },
}

export function releaseHooksStep(): Step {
  return { kind: 'release-hooks', undo: 'flightrules trust --session <id> --revoke' }
}

export const releaseHooksHandler: StepHandler<Work> = {
  async apply(_step, { context, gitDir }) {
    const { releaseHooks } = await import('../../git/held-hooks.ts')
    await releaseHooks(context.git.withoutSignal(), gitDir)
  },
}

/** `ref`: full name, on the remote. */
export function followRemoteStep(remote: string, ref: string): Step {
  return { kind: 'follow-remote', remote, ref, undo: 'git branch --unset-upstream' }
}

/** So that `git pull` in the session brings what is added to the request, and `git push` goes back where it came from. */
export const followRemoteHandler: StepHandler<Work> = {
  async apply(step, { context, session }) {
    if (session.branch === null) return
    const { setUpstreamRef } = await import('../../git/push.ts')
    await setUpstreamRef(context.git.withoutSignal(), session.branch, { remote: String(step.remote), ref: String(step.ref) })
  },
}
