import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { isAncestor } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import { GitError } from '../git/git-error.ts'
import { readRef, updateRefs } from '../git/refs.ts'
import type { Worktree } from '../git/worktrees.ts'
import { baseUnreachable, requireRoomToLand, requireUnoccupied } from './room-to-land.ts'

export interface LandInput {
  /** Short name of the branch that moves. */
  readonly baseBranch: string
  /** Commit it must still point to. */
  readonly expected: string
  /** Commit it shall point to; a descendant of `expected`. */
  readonly commit: string
  readonly worktrees: readonly Worktree[]
  /** For the reflog: `flightrules end auth-refactor`. */
  readonly reason: string
  /** What hooks find in FLIGHTRULES_OP; ours stay out of the way when it is set. */
  readonly operation?: string
}

/**
 * Moves the base branch, with the files of the worktree that has it checked out, and proves it by reading it back.
 * @throws FlightRulesError BASE_DIRTY, BASE_BUSY (nothing was touched), BASE_MOVED (try again from the start), LAND_FAILED.
 */
export async function land(git: Git, input: LandInput): Promise<{ into: string; oid: string }> {
  const { baseBranch, expected, commit, worktrees } = input
  const ref = `refs/heads/${baseBranch}`
  // moving a branch to anything else would drop commits
  if (!(await isAncestor(git, expected, commit))) throw new Error(`${commit} does not descend from ${expected}`)
  requireReachable(worktrees, ref)
  await requireUnoccupied(presentOf(worktrees), ref)
  if ((await readRef(git, ref)) !== expected) throw await baseMoved(git, input)
  const holder = presentOf(worktrees).find(({ branch }) => branch === ref)
  if (holder === undefined) await moveRef(git, input, ref)
  else await fastForwardIn(git, input, holder)
  if ((await readRef(git, ref)) !== commit) throw await baseMoved(git, input)
  return { into: baseBranch, oid: commit }
}

/**
 * Whether the base branch could be moved as `land` would move it.
 * @throws FlightRulesError BASE_DIRTY, BASE_BUSY.
 */
export async function requireRoom(
  git: Git,
  input: Pick<LandInput, 'baseBranch' | 'expected' | 'commit' | 'worktrees'>,
): Promise<void> {
  const ref = `refs/heads/${input.baseBranch}`
  requireReachable(input.worktrees, ref)
  const present = presentOf(input.worktrees)
  await requireUnoccupied(present, ref)
  const holder = present.find(({ branch }) => branch === ref)
  if (holder !== undefined) await requireRoomToLand(git, input, holder)
}

/**
 * A locked worktree that cannot be reached is away for a while, on a drive that is not mounted say: moved under it, its files would show up
 * as changes that take everything back. One that is missing and not locked is simply gone.
 * @throws FlightRulesError BASE_BUSY.
 */
function requireReachable(worktrees: readonly Worktree[], ref: string): void {
  const missing = worktrees.find((worktree) => worktree.prunable !== null && worktree.locked !== null && worktree.branch === ref)
  if (missing !== undefined) throw baseUnreachable(ref, missing.path)
}

function presentOf(worktrees: readonly Worktree[]): Worktree[] {
  return worktrees.filter((worktree) => !worktree.bare && worktree.prunable === null)
}

async function moveRef(git: Git, input: LandInput, ref: string): Promise<void> {
  try {
    await updateRefs(git, [{ ref, new: input.commit, old: input.expected }], input.reason)
  } catch (error) {
    if (error instanceof FlightRulesError && error.code === 'REF_MOVED') throw await baseMoved(git, input, error)
    throw error
  }
}

async function fastForwardIn(git: Git, input: LandInput, holder: Worktree): Promise<void> {
  await requireRoomToLand(git, input, holder)
  const args = [
    'merge',
    '--ff-only',
    '--no-overwrite-ignore',
    '--no-autostash',
    '--no-squash',
    '--no-verify-signatures',
    '--no-stat',
    '--quiet',
    input.commit,
  ]
  const env = { FLIGHTRULES_OP: input.operation ?? 'land', GIT_REFLOG_ACTION: input.reason }
  try {
    // stopped half-way it leaves files half written
    await git.withoutSignal().run(args, { cwd: holder.path, env })
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    if ((await readRef(git, `refs/heads/${input.baseBranch}`)) !== input.expected) throw await baseMoved(git, input, error)
    throw new FlightRulesError({
      kind: /index\.lock/.test(error.stderr) ? 'busy' : 'failed',
      code: 'LAND_FAILED',
      message: `git would not bring ${holder.path} forward, ${input.baseBranch} was not moved: ${error.stderr.trim()}`,
      hint: `git -C ${quoteForShell(holder.path)} status`,
      details: { branch: input.baseBranch, worktree: holder.path },
      cause: error,
    })
  }
}

async function baseMoved(git: Git, input: LandInput, cause?: unknown): Promise<FlightRulesError> {
  const actual = await readRef(git, `refs/heads/${input.baseBranch}`)
  return new FlightRulesError({
    kind: 'failed',
    code: 'BASE_MOVED',
    message: `${input.baseBranch} is at ${actual ?? 'nothing'} now, not at ${input.expected} as it was when the merge was prepared; the merge was not made`,
    hint: 'run the command again: it starts from where the branch is now',
    details: { branch: input.baseBranch, expected: input.expected, actual },
    ...(cause === undefined ? {} : { cause }),
  })
}
