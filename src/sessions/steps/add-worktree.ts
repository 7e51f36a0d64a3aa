import { access, mkdir, readdir, readFile, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { FlightRulesError, type Finding } from '../../errors.ts'
import { resolveExisting } from '../../files/real-path.ts'
import { addWorktree as addLinkedWorktree } from '../../git/add-worktree.ts'
import { discardStagedAdminDirectory } from '../../git/admin-directory.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Step } from '../../operations/plan.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { Session } from '../session.ts'
import type { Work } from '../work.ts'
import { discardWorktree } from './discard-worktree.ts'
import { lockReason } from '../lock-reason.ts'

/** `key` names what is made aside, and is how our own hook in git's children knows that it is not wanted. */
export function addWorktreeStep(
  path: string,
  branch: string,
  session: Pick<Session, 'id' | 'uuid' | 'ownsBranch' | 'foreign'>,
): Step {
  const { id, uuid: key, ownsBranch, foreign } = session
  return {
    kind: 'add-worktree',
    path,
    branch,
    id,
    key,
    branchIs: ownsBranch ? 'new' : 'existing',
    ...(foreign === undefined ? {} : { hooks: 'none' }),
    undo: 'move the folder to the trash',
  }
}

/** The worktree is locked from its first moment, so that nobody's sweep takes it. Our own post-checkout stays out. */
export const addWorktree: StepHandler<Work> = {
  async apply(step, work) {
    const { context } = work
    const [path, branch, id, key] = [step.path, step.branch, step.id, step.key].map(String) as [string, string, string, string]
    context.report({ event: 'creating-worktree', id, path })
    const earlier = await findEarlier(context, step, work.session.startedAt)
    if (earlier !== undefined) return void (work.gitDir = earlier)
    await makeFolder(path)
    const { gitDir, hookStatus } = await addLinkedWorktree(context.git.with({ FLIGHTRULES_OP: key }), {
      commonDir: commonDirOf(context),
      path: await realpath(path),
      branch,
      branchIs: step.branchIs === 'existing' ? 'existing' : 'new',
      hooks: work.session.foreign === undefined ? 'project' : 'none',
      lockReason: lockReason(id),
      key,
      onStderr: (chunk) => context.report({ event: 'git-output', chunk }),
    })
    work.gitDir = gitDir
    if (hookStatus !== 0) work.findings.push(hookFailed(id, hookStatus))
  },
  async undo(step, { context, session: { startedAt } }) {
    const [commonDir, path, id] = [commonDirOf(context), await resolveExisting(String(step.path)), String(step.id)]
    await discardStagedAdminDirectory(commonDir, String(step.key))
    const branch = String(step.branch)
    await discardWorktree(context, { id, path, branch, lockReason: lockReason(id), uuid: String(step.key), startedAt })
  },
}

/**
 * The worktree's git directory when an earlier try came to its end: git writes the index last. One that was left half made is taken back.
 * @throws FlightRulesError PATH_EXISTS when git has another worktree there.
 */
async function findEarlier(context: Context, step: Step, startedAt: string): Promise<string | undefined> {
  const path = String(step.path)
  const gitDir = (await listAdminDirectories(commonDirOf(context))).get(await resolveExisting(path))
  if (gitDir === undefined) return undefined
  const locked = await readFile(join(gitDir, 'locked'), 'utf8').catch(() => '')
  if (locked.trim() !== lockReason(String(step.id))) throw pathExists(path, 'git has a worktree there')
  const isWhole = await access(join(gitDir, 'index')).then(
    () => true,
    () => false,
  )
  if (isWhole) return gitDir
  const [id, branch] = [String(step.id), String(step.branch)]
  const uuid = String(step.key)
  await discardWorktree(context, { id, path: await resolveExisting(path), branch, lockReason: lockReason(id), uuid, startedAt })
  return undefined
}

/**
 * @returns whether it was made; an empty one that was there is as good.
 * @throws FlightRulesError PATH_EXISTS.
 */
async function makeFolder(path: string): Promise<boolean> {
  reachFailpoint('mkdir:session')
  await mkdir(dirname(path), { recursive: true })
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const content = await readdir(path).catch(() => undefined)
  if (content?.length === 0) return false
  throw pathExists(path, content === undefined ? 'it is no folder' : 'there is something in it')
}

function pathExists(path: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'PATH_EXISTS',
    message: `${path} exists already: ${why}`,
    hint: 'take another name, or move it away',
    details: { path },
  })
}

function hookFailed(id: string, status: number): Finding {
  return {
    code: 'POST_CHECKOUT_FAILED',
    message: `a post-checkout hook of the project failed with status ${status} in ${id}; the session was made all the same`,
    hint: 'what it said is above; mend it, then: git hook run post-checkout',
    details: { id, status },
  }
}
