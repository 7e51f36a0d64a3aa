import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../errors.ts'
import { updateRefs } from '../git/refs.ts'
import type { Context } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'

export interface DeletedBranch {
  readonly id: string
  readonly branch: string
  /** Where the session's HEAD was last. */
  readonly oid: string
}

/** Sessions whose own branch somebody deleted while it was checked out: nothing but a reflog holds their commits any more. File reads only. */
export async function findDeletedBranches(registered: readonly RegisteredSession[]): Promise<DeletedBranch[]> {
  const found: DeletedBranch[] = []
  for (const { session, worktree, gitDir } of registered) {
    const { id, branch, ownsBranch } = session
    const isUnborn = worktree.head === null && worktree.branch === `refs/heads/${branch ?? ''}`
    if (!isUnborn || !ownsBranch || branch === null || worktree.prunable !== null) continue
    const log = await readFile(join(gitDir, 'logs', 'HEAD'), 'utf8').catch(() => '')
    const oid = log.trimEnd().split('\n').at(-1)?.split(' ')[1] ?? ''
    // deleted from inside, git has noted it: somebody there wants to begin anew
    if (/^[0-9a-f]{40,64}$/.test(oid) && !/^0+$/.test(oid)) found.push({ id, branch, oid })
  }
  return found
}

/** Makes such a branch again where the session stands. Call it under the lock. */
export async function recreateBranch(context: Context, { id, branch, oid }: DeletedBranch): Promise<Finding> {
  const details = { id, branch, oid }
  try {
    await updateRefs(context.git, [{ ref: `refs/heads/${branch}`, new: oid, old: null }], `flightrules: back for session ${id}`)
    const message = `branch ${branch}, which session ${id} works on, had been deleted; it is back at ${oid.slice(0, 12)}`
    return { code: 'BRANCH_RECREATED', message, hint: `to let it go: flightrules end ${id} --strategy abandon`, details }
  } catch (error) {
    const message = `branch ${branch}, which session ${id} works on, was deleted and could not be made again: ${(error as Error).message}`
    return { code: 'BRANCH_GONE', message, hint: `git branch ${branch} ${oid.slice(0, 12)}`, details }
  }
}
