import { findRepositoryLocation } from '../git/locate-repository.ts'
import { loadRecord } from '../sessions/record.ts'
import { isNewWorktree, readHeadBranch } from './checkout.ts'
import type { HookInput } from './hook-context.ts'

/**
 * After a checkout in a linked worktree. Mostly the session is on the branch its record names, and nothing of what follows a checkout is loaded.
 * The shim has ruled out everything else.
 */
export async function postCheckout(input: HookInput): Promise<void> {
  if (await isSettled(input)) return
  const { followCheckout } = await import('./follow-checkout.ts')
  await followCheckout(input)
}

/** A session on the branch its record names, which is not new: file reads only. */
async function isSettled({ args, cwd }: HookInput): Promise<boolean> {
  if (isNewWorktree(args)) return false
  const location = await findRepositoryLocation(cwd)
  if (location === undefined || location.gitDir === location.commonDir) return false
  const record = await loadRecord(location.gitDir)
  return record.state === 'valid' && (await readHeadBranch(location.gitDir)) === record.session.branch
}
