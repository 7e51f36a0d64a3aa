import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { listChangedPaths } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import { readGitEntry } from '../git/locate-repository.ts'
import { findOperationInProgress } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Worktree } from '../git/worktrees.ts'
import { findObstacles } from './find-obstacles.ts'

const otherWays = [
  { flag: '--strategy pr', label: 'push the session and open a request instead' },
  { flag: '--strategy keep', label: 'keep the session and integrate it later' },
] as const

/**
 * A rebase or bisect detaches HEAD, yet the branch is still its own: when it ends it puts the branch where it wants it.
 * @throws FlightRulesError BASE_BUSY.
 */
export async function requireUnoccupied(worktrees: readonly Worktree[], ref: string): Promise<void> {
  for (const worktree of worktrees) {
    if (worktree.branch !== null) continue
    const gitDir = await readGitEntry(join(worktree.path, '.git'))
    if (gitDir === undefined) continue
    const [rebase, apply, bisect] = await Promise.all(
      ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'].map((file) => readLine(join(gitDir, file))),
    )
    if (rebase === ref || apply === ref) throw baseBusy(ref, worktree.path, 'rebase')
    if (`refs/heads/${bisect ?? ''}` === ref) throw baseBusy(ref, worktree.path, 'bisect')
  }
}

/**
 * The worktree that has the base checked out must be able to take the change without anything of its own being in the way.
 * @throws FlightRulesError BASE_DIRTY naming the files, BASE_BUSY naming what is under way there.
 */
export async function requireRoomToLand(
  git: Git,
  input: { baseBranch: string; expected: string; commit: string },
  worktree: Worktree,
): Promise<void> {
  const gitDir = await readGitEntry(join(worktree.path, '.git'))
  const operation = gitDir === undefined ? null : findOperationInProgress(gitDir)
  if (operation !== null) throw baseBusy(`refs/heads/${input.baseBranch}`, worktree.path, operation)
  const incoming = await listChangedPaths(git, input.expected, input.commit)
  const dirty = changedPaths(await readStatus(git, worktree.path))
  const changed = findOverlap(dirty, incoming)
  const obstacles = await findObstacles(git, worktree.path, { from: input.expected, to: input.commit, changed: incoming })
  const inTheWay = new Set([...changed, ...obstacles])
  if (inTheWay.size > 0) throw baseDirty(input.baseBranch, worktree.path, [...inTheWay].sort(), changed.length < inTheWay.size)
}

/** Dirty paths that are among the incoming ones, lie under one, or have one under them. */
export function findOverlap(dirty: readonly string[], incoming: readonly string[]): string[] {
  const whole = new Set(incoming)
  const folders = new Set(incoming.flatMap(foldersOf))
  return dirty.filter((path) => whole.has(path) || folders.has(path) || foldersOf(path).some((folder) => whole.has(folder)))
}

function foldersOf(path: string): string[] {
  const parts = path.split('/')
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'))
}

async function readLine(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  )
}

/** @param hasIgnored some of them are ignored, so that `git add --all` would not take them. */
function baseDirty(branch: string, worktree: string, paths: readonly string[], hasIgnored: boolean): FlightRulesError {
  const shown = paths.slice(0, 10).map((path) => JSON.stringify(path))
  const more = paths.length > shown.length ? ` and ${paths.length - shown.length} more` : ''
  return new FlightRulesError({
    kind: 'decision',
    code: 'BASE_DIRTY',
    message: `${worktree} has ${branch} checked out, with changes of its own in files that would change: ${shown.join(', ')}${more}; nothing was touched`,
    hint: hasIgnored
      ? `move them away, for some are ignored and would be lost, then run the command again: git -C ${quoteForShell(worktree)} status --ignored`
      : `commit them there: git -C ${quoteForShell(worktree)} add --all && git -C ${quoteForShell(worktree)} commit`,
    choices: otherWays,
    details: { branch, worktree, paths },
  })
}

function baseBusy(ref: string, worktree: string, operation: string): FlightRulesError {
  const branch = ref.replace('refs/heads/', '')
  return new FlightRulesError({
    kind: 'decision',
    code: 'BASE_BUSY',
    message: `${worktree} is in the middle of a ${operation} of ${branch}; nothing was touched`,
    hint: `finish or abort it there: git -C ${quoteForShell(worktree)} status`,
    choices: otherWays,
    details: { branch, worktree, operation },
  })
}

/** The refusal for a base that a locked worktree has checked out which is not there now. */
export function baseUnreachable(ref: string, worktree: string): FlightRulesError {
  const branch = ref.replace('refs/heads/', '')
  return new FlightRulesError({
    kind: 'decision',
    code: 'BASE_BUSY',
    message: `${worktree} has ${branch} checked out and cannot be reached; nothing was touched`,
    hint: `make it reachable, or, when it is gone for good: git worktree unlock ${quoteForShell(worktree)}`,
    choices: otherWays,
    details: { branch, worktree },
  })
}
