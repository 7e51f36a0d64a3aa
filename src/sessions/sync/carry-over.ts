import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { commitTree } from '../../git/commit-tree.ts'
import type { Git } from '../../git/git.ts'
import { GitError } from '../../git/git-error.ts'
import { type Conflict, mergeTrees } from '../../git/merge-tree.ts'
import { quietly, withIndexCopy } from '../../git/index-copy.ts'
import { snapshotIdentity } from '../../git/snapshot.ts'
import { isAsBefore } from '../../git/settle-paths.ts'
import { tellSides } from '../../git/tell-sides.ts'
import { isReadable, listTreeChanges } from '../../git/tree-changes.ts'
import { readIndexEntries } from '../../git/update-entries.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { SyncFacts } from './sync-facts.ts'

/** What is in a session's files and index beside its commits. */
export interface Changes {
  readonly head: string
  /** Commits of the files and of the index; `head` itself where nothing is uncommitted. */
  readonly files: string
  readonly index: string
}

/** What of it there is to be stored. */
export interface Uncommitted {
  readonly head: string
  /** Something is staged or changed in a tracked file. */
  readonly hasTracked: boolean
  /** Untracked files at or around which something comes in; others are not touched, so nothing has to be known of them. */
  readonly untracked: readonly string[]
}

/**
 * Stores what is not committed and could be touched, as commits no ref points to yet.
 * @throws FlightRulesError CHANGES_UNREADABLE where git cannot; that is not the same as none.
 */
export async function readChanges(
  git: Git,
  { session, worktree, gitDir }: RegisteredSession,
  { head, hasTracked, untracked }: Uncommitted,
): Promise<Changes> {
  if (!hasTracked && untracked.length === 0) return { head, files: head, index: head }
  const cwd = worktree.path
  const commit = (tree: string, parents: readonly string[], what: string): Promise<string> =>
    commitTree(git.with(snapshotIdentity), { tree, parents, message: `${session.id}: ${what} before its sync` })
  try {
    return await withIndexCopy(gitDir, async (env) => {
      const index = await commit(await git.readLine([...quietly, 'write-tree'], { cwd, env }), [head], 'index')
      await git.run([...quietly, 'add', '--update', '--sparse'], { cwd, env })
      if (untracked.length > 0) {
        const input = untracked.map((path) => `${path}\0`).join('')
        await git.run([...quietly, 'add', '--sparse', '--pathspec-from-file=-', '--pathspec-file-nul'], {
          cwd,
          env: { ...env, GIT_LITERAL_PATHSPECS: '1' },
          input,
        })
      }
      const tree = await git.readLine([...quietly, 'write-tree'], { cwd, env })
      return { head, index, files: await commit(tree, [head, index], 'files') }
    })
  } catch (error) {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    const said = error instanceof GitError ? error.stderr.trim() : (error as Error).message
    throw new FlightRulesError({
      kind: 'failed',
      code: 'CHANGES_UNREADABLE',
      message: `the uncommitted changes of session ${session.id} could not be stored, so nothing was changed: ${said}`,
      hint: `git -C ${quoteForShell(worktree.path)} status`,
      details: { id: session.id },
      cause: error,
    })
  }
}

/**
 * The same changes on top of another commit: what is staged there, and what the files are to hold.
 * @throws FlightRulesError MERGE_CONFLICTS where both change the same lines.
 */
export async function carryOver(
  git: Git,
  { session, worktree }: RegisteredSession,
  { head, files, index }: Changes,
  target: { readonly to: string; readonly onto: string },
): Promise<Pick<SyncFacts, 'newFiles' | 'newIndex'>> {
  const { to, onto } = target
  if (files === head && index === head) return { newFiles: to, newIndex: to }
  const maker = git.with(snapshotIdentity)
  // with the old head for its parent it is what came to be there since
  const theirs = await commitTree(maker, { tree: `${to}^{tree}`, parents: [head], message: 'sync' })
  const merged = await mergeTrees(
    git,
    [index, files].map((ours) => ({ ours, theirs })),
    { objects: 'keep', renames: 'apart' },
  )
  const [newIndex, newFiles] = merged
  if (newIndex === undefined || newFiles === undefined) throw new Error('git merge-tree gave no answer')
  const conflicts = [...newFiles.conflicts, ...newIndex.conflicts]
  if (conflicts.length > 0) throw inConflict(session.id, worktree.path, onto, conflicts)
  const store = (tree: string, parents: readonly string[], what: string): Promise<string> =>
    commitTree(maker, { tree, parents, message: `${session.id}: ${what} after its sync` })
  const staged = await store(newIndex.tree, [to], 'index')
  return { newIndex: staged, newFiles: await store(newFiles.tree, [to, staged], 'files') }
}

/**
 * Whatever is in the way of files that are to be written and is in no snapshot, being ignored or hidden from git.
 * @throws FlightRulesError IN_THE_WAY, NAMES_UNREADABLE.
 */
export async function requireRoomFor(
  git: Git,
  { session, worktree }: RegisteredSession,
  { files, newFiles, onto }: Pick<SyncFacts, 'files' | 'newFiles' | 'onto'>,
): Promise<void> {
  const changes = await listTreeChanges(git, files, newFiles)
  if (changes.length === 0) return
  const unreadable = changes.filter((change) => !isReadable(change)).map(({ path }) => path)
  if (unreadable.length > 0) throw namesUnreadable(session.id, worktree.path, onto, unreadable)
  const sides = await tellSides(git, worktree.path, { from: files, to: newFiles }, changes)
  const staged = await readIndexEntries(git, { cwd: worktree.path })
  const paths = changes.flatMap((change, index) => {
    return isAsBefore(change, sides[index], staged.get(change.path)) ? [] : [change.path]
  })
  if (paths.length > 0) throw inTheWay(session.id, worktree.path, onto, paths)
}

/** Files nobody has stored, which would be lost. */
export function inTheWay(id: string, worktree: string, onto: string, paths: readonly string[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'conflict',
    code: 'IN_THE_WAY',
    message: `session ${id} has files where ${onto} has others, and they are ignored, hidden from git or just being written: ${namePaths(paths, 10)}; everything is as it was before`,
    hint: `move them away or commit them, in ${quoteForShell(worktree)}; then sync again`,
    details: { id, paths },
  })
}

function namesUnreadable(id: string, worktree: string, onto: string, paths: readonly string[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'NAMES_UNREADABLE',
    message: `${onto} or session ${id} changes files whose names are no UTF-8, which only git itself can bring together: ${namePaths(paths, 10)}; everything is as it was before`,
    hint: `git -C ${quoteForShell(worktree)} rebase ${quoteForShell(onto)}`,
    details: { id, paths },
  })
}

function inConflict(id: string, worktree: string, onto: string, conflicts: readonly Conflict[]): FlightRulesError {
  const kinds = new Map(conflicts.map((conflict) => [conflict.path, conflict]))
  const found = [...kinds.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
  const paths = found.map(({ path }) => path)
  return new FlightRulesError({
    kind: 'conflict',
    code: 'UNCOMMITTED_CONFLICTS',
    message: `uncommitted changes of session ${id} conflict with ${onto} in ${paths.length === 1 ? 'one file' : `${paths.length} files`}: ${namePaths(paths, 10)}; everything is as it was before`,
    hint: `commit them, then sync again: git -C ${quoteForShell(worktree)} add --all && git -C ${quoteForShell(worktree)} commit`,
    details: { id, paths, conflicts: found },
  })
}
