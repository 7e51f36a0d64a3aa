import { lstat, mkdir, rename, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import type { Finding } from '../../errors.ts'
import { resolveExisting } from '../../files/real-path.ts'
import { GitError } from '../../git/git-error.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Step } from '../../operations/plan.ts'
import { discardHalfMadeWorktree, purgeTrash } from '../../operations/trash.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { Session } from '../session.ts'
import type { Work } from '../work.ts'

export function addWorktreeStep(path: string, branch: string): Step {
  return { kind: 'add-worktree', path, branch, undo: 'move the folder to the trash' }
}

/** The worktree is locked from its first moment, so that nobody's sweep takes it. Our own post-checkout stays out. */
export const addWorktree: StepHandler<Work> = {
  async apply(step, work) {
    const { context, session } = work
    const path = String(step.path)
    context.report({ event: 'creating-worktree', id: session.id, path })
    reachFailpoint('mkdir:session')
    await mkdir(dirname(path), { recursive: true })
    // one that is there is somebody else's; git decides whether it can be used
    work.madeFolder = await mkdir(path).then(
      () => true,
      () => false,
    )
    const args = ['worktree', 'add', '--quiet', '--lock', '--reason', lockReason(session.id), '--', path, String(step.branch)]
    const failure = await context.git
      .with({ FLIGHTRULES_OP: session.uuid })
      .run(args, { onStderr: (chunk) => context.report({ event: 'git-output', chunk }) })
      .then(() => undefined, asHookFailure)
    const admin = (await listAdminDirectories(commonDirOf(context))).get(await resolveExisting(path))
    if (failure !== undefined) {
      // git takes away what it could not finish, and ends with the status of the hook where only that failed
      if (admin === undefined) throw failure
      work.findings.push(hookFailed(session.id, failure.status))
    }
    if (admin === undefined) throw new Error(`git made the worktree ${path}, but its administrative files are not there`)
    work.gitDir = admin
  },
  async undo(step, { context, session, madeFolder }) {
    const { sessionsDir } = context
    const [commonDir, path] = [commonDirOf(context), await resolveExisting(String(step.path))]
    await discardHalfMadeWorktree({
      commonDir,
      path,
      branch: String(step.branch),
      sessionsDir,
      id: session.id,
      now: context.now(),
    })
    if (madeFolder === true) await discardFolder({ context, session, path })
  },
}

/** git that was stopped takes its worktree back while its checkout writes on: what is left then is no worktree any more. */
async function discardFolder({ context, session, path }: { context: Context; session: Session; path: string }): Promise<void> {
  const [commonDir, id, at] = [commonDirOf(context), session.id, context.now()]
  const trash = `${id}-half-made-${at.getTime()}`
  const aside = join(context.sessionsDir, '.trash', trash)
  if ((await lstat(path).catch(() => undefined))?.isDirectory() !== true) return
  await mkdir(dirname(aside), { recursive: true })
  reachFailpoint('rename:half-made')
  await rename(path, aside)
  const gitDir = join(commonDir, 'worktrees', trash)
  await purgeTrash(commonDir, {
    version: 1,
    trash,
    id,
    at: at.toISOString(),
    reason: 'half made',
    branch: null,
    head: null,
    ref: '',
    path: aside,
    from: path,
    gitDir,
  })
  await rmdir(context.sessionsDir).catch(() => {})
}

/** @throws the error itself where it cannot be that of a hook: git's own are 128, those of a signal above. */
function asHookFailure(error: unknown): GitError {
  if (error instanceof GitError && error.status < 128) return error
  throw error
}

function hookFailed(id: string, status: number): Finding {
  return {
    code: 'POST_CHECKOUT_FAILED',
    message: `a post-checkout hook of the project failed with status ${status} in ${id}; the session was made all the same`,
    hint: 'what it said is above; mend it, then: git hook run post-checkout',
    details: { id, status },
  }
}

/** What `git worktree remove` prints to whoever tries. */
export function lockReason(id: string): string {
  return `flightrules session ${id}; end it with: flightrules end ${id}`
}
