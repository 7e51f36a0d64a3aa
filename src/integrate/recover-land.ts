import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { namePaths } from '../files/quote-path.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { isAncestor } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import { readRef } from '../git/refs.ts'
import { settlePaths } from '../git/settle-paths.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { removeDeadLock } from '../operations/dead-lock.ts'

/** A branch on its way from one commit to another, as it was written down before it set out. */
export interface Move {
  /** Full name. */
  readonly ref: string
  readonly from: string
  readonly to: string
  /** The worktree that has it checked out, null when none has. */
  readonly worktree: string | null
  /** That worktree's git directory. */
  readonly gitDir: string | null
}

/** Whether the branch arrived, or somebody has built on where it arrived by now. */
export async function hasMoved(git: Git, { ref, from, to }: Move): Promise<boolean> {
  const now = await readRef(git, ref)
  if (now === null || now === from) return false
  if (now === to) return true
  if (!(await isAncestor(git, to, now))) return false
  // a branch that goes back comes from what was built on there
  return (await isAncestor(git, from, to)) || !(await isAncestor(git, from, now))
}

/** Lock files git left that was killed in the middle of a move begun at `since`. */
export async function freeMove(commonDir: string, { ref, worktree, gitDir }: Move, since: string): Promise<void> {
  const place = { worktree: worktree ?? commonDir, since }
  await removeDeadLock(join(commonDir, ...`${ref}.lock`.split('/')), place)
  for (const name of ['index.lock', 'HEAD.lock', 'ORIG_HEAD.lock'])
    if (gitDir !== null) await removeDeadLock(join(gitDir, name), place)
}

/**
 * Brings the worktree back to where the branch still is, file by file: what the stopped checkout wrote goes, what anybody else changed
 * stays as it is.
 * @throws FlightRulesError MOVE_LEFT_FILES; the rest is then back.
 */
export async function takeMoveBack(git: Git, move: Move): Promise<void> {
  const { ref, from, to, worktree } = move
  const holder = worktree === null ? undefined : (await listWorktrees(git)).find(({ path }) => path === worktree)
  if (holder === undefined || holder.prunable !== null || holder.branch !== ref) return
  if (holder.head !== from) return
  const { mixed } = await settlePaths(git, holder.path, { from: to, to: from })
  if (mixed.length === 0) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'MOVE_LEFT_FILES',
    message: `${holder.path} is on its way from ${from.slice(0, 12)} to ${to.slice(0, 12)}, and these files were changed by somebody meanwhile, so they were left: ${namePaths(mixed, 10)}`,
    hint: `look at them: git -C ${quoteForShell(holder.path)} status; what the branch has: git -C ${quoteForShell(holder.path)} show HEAD:<file>`,
    details: { worktree: holder.path, paths: mixed, from, to },
  })
}
