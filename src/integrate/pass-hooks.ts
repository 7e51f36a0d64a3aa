import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Git } from '../git/git.ts'
import { redactUrlCredentials } from '../git/git-error.ts'
import type { Person } from '../git/log.ts'
import { checkOutMerge, stageMerge, withMergeCheckout } from '../git/merge-checkout.ts'
import { findHook, runHook } from '../git/run-hook.ts'
import type { Sides } from './merge-conflicts.ts'

/** Where git would make the commit, and with it whose hooks it would ask. */
export interface HookPlace {
  /** The worktree that has the base checked out, else one that stands for it. */
  readonly worktree: string
  readonly commonDir: string
  /** Gets what hooks say, as they say it. */
  readonly onOutput?: (chunk: string) => void
}

export interface ProposedCommit {
  readonly method: 'merge' | 'squash'
  readonly tip: string
  readonly sides: Sides
  readonly tree: string
  readonly message: string
  readonly author?: Person
}

/** What hooks made of a commit that is to be made. */
export interface PassedCommit {
  readonly tree: string
  readonly message: string | Uint8Array
}

/** As `git merge` asks them, and `git commit` after `git merge --squash`. */
const hooksOf = {
  merge: { content: 'pre-merge-commit', file: 'MERGE_MSG' },
  squash: { content: 'pre-commit', file: 'COMMIT_EDITMSG' },
} as const

/**
 * Asks the hooks that git would ask before it makes this commit. The one that looks at the content runs in a checkout of the merge that
 * nobody works in; those of the message run where git would make the commit, with the merge as index, and the files there as they are.
 * @throws FlightRulesError HOOK_REFUSED; nothing was changed.
 */
export async function passHooks(git: Git, place: HookPlace, proposed: ProposedCommit): Promise<PassedCommit> {
  const { worktree, commonDir, onOutput } = place
  const { method, sides, tip } = proposed
  const find = (name: string): Promise<string | undefined> => findHook(git, worktree, name)
  const [content, prepare, check] = await Promise.all([hooksOf[method].content, 'prepare-commit-msg', 'commit-msg'].map(find))
  if (content === undefined && prepare === undefined && check === undefined) return proposed
  return withMergeCheckout(git, { commonDir, branch: sides.base, like: worktree }, async (checkout) => {
    const { path, gitDir } = checkout
    const env = { ...environmentOf(proposed), GIT_INDEX_FILE: join(gitDir, 'index') }
    if (content === undefined) await stageMerge(git, checkout, proposed.tree)
    else {
      await checkOutMerge(git, checkout, proposed.tree)
      await ask(git, { hook: content, args: [], cwd: path, env, onOutput }, hooksOf[method].content, sides)
    }
    // what the hook has staged is in it too
    const tree = await git.readLine(['write-tree'], { cwd: path })
    if (prepare === undefined && check === undefined) return { tree, message: proposed.message }
    if (method === 'merge') await writeFile(join(gitDir, 'MERGE_HEAD'), `${tip}\n`)
    const file = join(gitDir, hooksOf[method].file)
    await writeFile(file, proposed.message)
    const there = { cwd: worktree, env: { ...env, GIT_DIR: gitDir, GIT_WORK_TREE: worktree }, onOutput }
    if (prepare !== undefined) await ask(git, { ...there, hook: prepare, args: [file, method] }, 'prepare-commit-msg', sides)
    if (check !== undefined) await ask(git, { ...there, hook: check, args: [file] }, 'commit-msg', sides)
    const message = await git.readBytes(['stripspace'], { input: await readFile(file) })
    if (message.length > 0) return { tree, message }
    const last = check === undefined ? 'prepare-commit-msg' : 'commit-msg'
    throw refused(`the hook ${last}`, sides, 'it left an empty message', {})
  })
}

/**
 * Asks the hook that git would ask before it rebases the session.
 * @throws FlightRulesError HOOK_REFUSED; nothing was changed.
 */
export async function passPreRebase(git: Git, sides: Sides, onOutput: HookPlace['onOutput']): Promise<void> {
  const hook = await findHook(git, sides.worktree, 'pre-rebase')
  if (hook === undefined) return
  await ask(git, { hook, args: [sides.base], cwd: sides.worktree, env: {}, onOutput }, 'pre-rebase', sides)
}

/** Tells the hook that git tells of a commit it has made. What it answers changes nothing. */
export async function announceCommit(git: Git, { worktree, onOutput }: Pick<HookPlace, 'worktree' | 'onOutput'>): Promise<void> {
  const hook = await findHook(git, worktree, 'post-commit')
  if (hook !== undefined) await runHook(git, { hook, args: [], cwd: worktree, env: {}, onOutput })
}

async function ask(git: Git, call: Parameters<typeof runHook>[1], name: string, sides: Sides): Promise<void> {
  const { status, output } = await runHook(git, call)
  if (status === 0) return
  const said = redactUrlCredentials(output.trim())
  const last = said.split('\n').slice(-20).join('\n')
  throw refused(`the hook ${name}`, sides, last === '' ? `it ended with status ${status} and said nothing` : last, {
    hook: call.hook,
    status,
    output: said,
  })
}

function refused(
  who: string,
  { id, worktree, base }: Sides,
  why: string,
  details: Readonly<Record<string, unknown>>,
): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'HOOK_REFUSED',
    message: `${who} refused to let session ${id} into ${base}, which is as it was: ${why}`,
    hint: who.endsWith('commit-msg')
      ? 'give it another message with --message <text>, or mend what it names, then run the command again'
      : `mend what it names in ${quoteForShell(worktree)} and commit it, then run the command again`,
    details,
  })
}

function environmentOf({ method, tip, sides, author }: ProposedCommit): Record<string, string> {
  if (method === 'merge') return { [`GITHEAD_${tip}`]: sides.id, GIT_REFLOG_ACTION: `merge ${sides.id}` }
  return author === undefined ? {} : { GIT_AUTHOR_NAME: author.name, GIT_AUTHOR_EMAIL: author.email }
}
