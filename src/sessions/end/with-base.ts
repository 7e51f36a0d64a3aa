import type { Git } from '../../git/git.ts'
import { checkOutAttributes, withMergeCheckout } from '../../git/merge-checkout.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { HookPlace } from '../../integrate/pass-hooks.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/**
 * Calls `use` with a git that merges by the attributes and settings of where the base is checked out; where it is nowhere, by the
 * attributes the base has. Hooks are then those of the main worktree, and in a repository without one the session's own.
 */
export async function withBase<T>(
  context: Context,
  { session, worktree }: RegisteredSession,
  use: (git: Git, hooks: HookPlace) => Promise<T>,
): Promise<T> {
  const { git } = context
  const worktrees = (await listWorktrees(git)).filter(({ bare, prunable }) => !bare && prunable === null)
  const holder = worktrees.find(({ branch }) => branch === `refs/heads/${session.base}`)
  const like = holder ?? worktrees.find(({ main }) => main) ?? worktree
  const hooks: HookPlace = {
    worktree: like.path,
    commonDir: commonDirOf(context),
    onOutput: (chunk) => context.report({ event: 'git-output', chunk }),
  }
  if (holder !== undefined) return use(git.at(holder.path), hooks)
  const place = { commonDir: hooks.commonDir, branch: session.base, like: like.path }
  return withMergeCheckout(git, place, async (checkout) => {
    await checkOutAttributes(git, checkout, `refs/heads/${session.base}`)
    return use(git.at(checkout.path), hooks)
  })
}
