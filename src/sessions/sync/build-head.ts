import type { SyncMethod } from '../../config/types.ts'
import { basename } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { isAncestor } from '../../git/ancestry.ts'
import { commitTree, requireIdentity, wantsSignedCommits } from '../../git/commit-tree.ts'
import type { Git } from '../../git/git.ts'
import { type Commit, readCommits } from '../../git/log.ts'
import { mergeTrees } from '../../git/merge-tree.ts'
import { mergeConflicts, type Sides } from '../../integrate/merge-conflicts.ts'
import { type HookPlace, passHooks, passPreRebase } from '../../integrate/pass-hooks.ts'
import { replayCommits, type Rewritten } from '../../integrate/replay.ts'

export interface BuildHeadInput {
  readonly method: SyncMethod
  readonly head: string
  /** Commit to be brought onto. */
  readonly onto: string
  /** Commits up to here are left out, null for none. */
  readonly leaveOut: string | null
  readonly sides: Sides
  /** Short name of the session's branch. */
  readonly branch: string
  /** Message of a merge. */
  readonly message: string
}

/** Whose hooks are asked, and who hears what they say. */
export type HookAnswers = Pick<HookPlace, 'commonDir' | 'onOutput'>

export interface BuiltHead {
  readonly commit: string
  /** Commits that are others now, oldest first. */
  readonly rewritten: readonly Rewritten[]
}

/**
 * Makes the commit a session is to be at, without a worktree; no ref moves. Without `hooks` it is only to find out what there would be:
 * nobody is asked, and nobody signs.
 * @throws FlightRulesError MERGE_CONFLICTS, REBASE_HAS_MERGES, IDENTITY_MISSING, HOOK_REFUSED, SIGNING_FAILED.
 */
export async function buildHead(git: Git, input: BuildHeadInput, hooks?: HookAnswers): Promise<BuiltHead> {
  const { method, head, onto, leaveOut, sides } = input
  if (await isAncestor(git, head, onto)) return { commit: onto, rewritten: [] }
  if (method === 'merge') return { commit: await mergeOnto(git, input, hooks), rewritten: [] }
  const commits = await listOwnCommits(git, { head, onto, leaveOut })
  const merge = commits.find(({ parents }) => parents.length > 1)
  if (merge !== undefined) throw hasMerges(merge, input)
  if (commits.length === 0) return { commit: onto, rewritten: [] }
  await requireIdentity(git)
  if (hooks !== undefined) await asked(sides, () => passPreRebase(git, sides, hooks.onOutput))
  const sign = hooks !== undefined && (await wantsSignedCommits(git))
  return replayCommits(git, { onto, commits, sides, sign })
}

/** What a rebase would put onto the other: oldest first, without those whose very change is there already. */
export async function listOwnCommits(
  git: Git,
  { head, onto, leaveOut }: { readonly head: string; readonly onto: string; readonly leaveOut: string | null },
): Promise<Commit[]> {
  const commits = (await readCommits(git, onto, head)).reverse()
  const range = ['rev-list', '--right-only', '--cherry-pick', `${onto}...${head}`]
  const wanted = new Set((await git.read([...range, ...(leaveOut === null ? [] : [`^${leaveOut}`]), '--'])).split('\n'))
  return commits.filter(({ oid }) => wanted.has(oid))
}

async function mergeOnto(
  git: Git,
  { head, onto, sides, branch, message }: BuildHeadInput,
  hooks: HookAnswers | undefined,
): Promise<string> {
  const [outcome] = await mergeTrees(git, [{ ours: head, theirs: onto }], { objects: 'keep' })
  if (outcome === undefined) throw new Error('git merge-tree gave no answer')
  if (!outcome.clean) throw mergeConflicts(`session ${sides.id} conflicts with ${sides.base}`, outcome.conflicts, sides)
  await requireIdentity(git)
  const proposed = {
    method: 'merge',
    tip: onto,
    // it is the base that comes in
    sides: { id: sides.base, worktree: sides.worktree, base: branch },
    tree: outcome.tree,
    message,
  } as const
  if (hooks === undefined) return commitTree(git, { ...proposed, parents: [head, onto] })
  const passed = await asked(sides, () => passHooks(git, { ...hooks, worktree: sides.worktree }, proposed))
  return commitTree(git, { ...passed, parents: [head, onto], sign: await wantsSignedCommits(git) })
}

/** A refusal, said of a sync. */
async function asked<T>({ id, base, worktree }: Sides, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.code !== 'HOOK_REFUSED') throw error
    const { hook, output } = error.details
    const name = typeof hook === 'string' ? `the hook ${basename(hook)}` : 'the hook of the message'
    const said = typeof output === 'string' && output !== '' ? `: ${output.split('\n').slice(-20).join('\n')}` : ''
    throw new FlightRulesError({
      kind: 'failed',
      code: 'HOOK_REFUSED',
      message: `${name} refused the sync of session ${id} with ${base}; everything is as it was before${said}`,
      hint: `mend what it names in ${quoteForShell(worktree)}, then run the command again`,
      details: error.details,
      cause: error,
    })
  }
}

function hasMerges({ oid, message }: Commit, { sides: { id, base } }: BuildHeadInput): FlightRulesError {
  const subject = JSON.stringify(message.split('\n')[0] ?? '')
  return new FlightRulesError({
    kind: 'decision',
    code: 'REBASE_HAS_MERGES',
    message: `session ${id} contains the merge commit ${oid.slice(0, 10)} (${subject}), which cannot be put onto ${base} commit by commit; nothing was changed`,
    hint: `flightrules sync ${id} --method merge`,
    choices: [{ flag: '--method merge', label: `merge ${base} into the session` }],
    details: { id, commit: oid },
  })
}
