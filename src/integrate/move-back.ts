import { FlightRulesError } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { readRef, updateRefs } from '../git/refs.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { requireRoom } from './land.ts'
import type { Move } from './recover-land.ts'
import { takeMoveBack } from './recover-land.ts'

/** What the reflog says of a branch that went back. */
export const undoReason = 'flightrules undo'

/**
 * Whether a branch could go back to where it was: it is still where it was brought to, and nobody's files are in the way.
 * @throws FlightRulesError BASE_MOVED, BASE_DIRTY, BASE_BUSY.
 */
export async function requireMovable(git: Git, { ref, from, to }: Move): Promise<void> {
  await requireStillAt(git, { ref, from })
  try {
    const worktrees = await listWorktrees(git)
    await requireRoom(git, { baseBranch: ref.replace('refs/heads/', ''), expected: from, commit: to, worktrees })
  } catch (error) {
    throw error instanceof FlightRulesError ? withoutChoices(error) : error
  }
}

/**
 * Nobody has moved the branch since it was brought to `from`.
 * @throws FlightRulesError BASE_MOVED.
 */
export async function requireStillAt(git: Git, { ref, from }: Pick<Move, 'ref' | 'from'>): Promise<void> {
  const branch = ref.replace('refs/heads/', '')
  const now = await readRef(git, ref)
  if (now !== from) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'BASE_MOVED',
      message: `${branch} is at ${now?.slice(0, 12) ?? 'nothing'} now, not at ${from.slice(0, 12)} as it was then: somebody has built on it, and going back would drop that`,
      hint: `take the change itself back instead: git revert ${from.slice(0, 12)}`,
      details: { branch, expected: from, actual: now },
    })
  }
}

/** The other ways there are for what is to be merged do not help where something goes back. */
function withoutChoices({ kind, code, message, hint, details }: FlightRulesError): FlightRulesError {
  return new FlightRulesError({ kind, code, message, details, ...(hint === undefined ? {} : { hint }) })
}

/** Moves a branch, with the files of the worktree that has it checked out. git refuses where it would overwrite anything. Call it only under the lock. */
export async function moveBranch(git: Git, move: Move): Promise<void> {
  const { ref, from, to, worktree } = move
  await requireMovable(git, move)
  try {
    if (worktree !== null) await git.run(['read-tree', '-m', '-u', from, to], { cwd: worktree })
    await updateRefs(git, [{ ref, new: to, old: from }], undoReason)
  } catch (error) {
    if ((await readRef(git, ref)) === from) await takeMoveBack(git, move)
    throw error
  }
}
