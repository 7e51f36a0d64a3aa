import { access, constants, lstat, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { BranchTips } from '../git/branches.ts'
import { type Context, commonDirOf } from './context.ts'
import { isWithin } from './find-session.ts'
import type { SessionSet } from './load-sessions.ts'
import { foldName } from './name.ts'

/** @throws FlightRulesError NESTED_SESSION inside a linked worktree. */
export function refuseNestedStart(context: Context): void {
  if (context.location.gitDir === commonDirOf(context)) return
  throw new FlightRulesError({
    kind: 'decision',
    code: 'NESTED_SESSION',
    message: `${context.location.worktree} is a linked worktree; sessions start in the main worktree, ${context.main}, unless one shall stand on the work done here`,
    hint: `cd ${context.main}`,
    choices: [{ flag: '--from-here', label: 'start from the commit checked out here, and go back to its branch' }],
    details: { main: context.main },
  })
}

/** The session, there or remembered in the manifest, that has the name, also in other letters' case. */
export function findTakenName(id: string, set: SessionSet): string | undefined {
  const entries = set.manifest.state === 'valid' ? set.manifest.manifest.sessions.map((entry) => entry.id) : []
  const ids = [...set.registered.map((entry) => entry.session.id), ...entries]
  return ids.find((other) => foldName(other) === foldName(id))
}

/** @throws FlightRulesError SESSION_EXISTS when a session has the name, also in other letters' case. */
export function refuseTakenName(id: string, set: SessionSet): void {
  const taken = findTakenName(id, set)
  if (taken === undefined) return
  throw new FlightRulesError({
    kind: 'decision',
    code: 'SESSION_EXISTS',
    message: `there is a session ${taken} already`,
    hint: `go there: cd "$(flightrules path ${taken})"; or take another name`,
    details: { id: taken },
  })
}

/** @throws FlightRulesError BRANCH_EXISTS, BRANCH_NAME_BLOCKED, BRANCH_IN_USE. */
export function checkBranch(branch: string, tips: BranchTips, set: SessionSet, reuse: boolean): void {
  const holder = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].find(
    (entry) => entry.worktree.branch === `refs/heads/${branch}`,
  )
  if (holder !== undefined && reuse) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'BRANCH_IN_USE',
      message: `branch ${branch} is checked out in ${holder.worktree.path}`,
      hint: 'take another name, or switch that worktree to another branch',
    })
  }
  const folded = foldName(branch)
  const lookalike = [...tips.local.keys()].find((other) => other !== branch && foldName(other) === folded)
  if (lookalike !== undefined) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'BRANCH_EXISTS',
      message: `there is a branch ${lookalike} already, and on many file systems ${branch} would be the same one`,
      hint: 'take another name',
      details: { branch, other: lookalike },
    })
  }
  if (tips.local.has(branch) && !reuse) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'BRANCH_EXISTS',
      message: `there is a branch ${branch} already`,
      hint: 'take another name, or go on with that branch',
      choices: [{ flag: '--reuse-branch', label: `check out the existing ${branch} in the session` }],
      details: { branch, oid: tips.local.get(branch) },
    })
  }
  const blocking = [...tips.local.keys()].find(
    (other) => folded.startsWith(`${foldName(other)}/`) || foldName(other).startsWith(`${folded}/`),
  )
  if (blocking === undefined) return
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BRANCH_NAME_BLOCKED',
    message: `git cannot hold the branches ${blocking} and ${branch} side by side: one's name is a folder of the other's`,
    hint: `rename that branch (git branch -m ${blocking} <new name>), or set another \`branchPrefix\` in the configuration`,
    details: { branch, blocking },
  })
}

/** @throws FlightRulesError PATH_EXISTS, SESSIONS_DIR_UNUSABLE. */
export async function checkPath(context: Context, path: string): Promise<void> {
  const { sessionsDir, main } = context
  const found = await findLookalike(path)
  if (found !== undefined) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'PATH_EXISTS',
      message: `${found} exists already and is no session`,
      hint: 'take another name, or move it away',
      details: { path: found },
    })
  }
  if (isWithin(sessionsDir, main)) throw unusable(sessionsDir, sessionsDir, `it is, or holds, the repository ${main}`)
  if (isWithin(commonDirOf(context), sessionsDir)) throw unusable(sessionsDir, commonDirOf(context), 'it is the git directory')
  await requireUsableDirectory(sessionsDir)
}

/** What is there under this name, also in other letters: on many file systems it is the same one. */
async function findLookalike(path: string): Promise<string | undefined> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats !== undefined) return path
  const names = await readdir(dirname(path)).catch(() => [])
  const other = names.find((name) => foldName(name) === foldName(basename(path)))
  return other === undefined ? undefined : join(dirname(path), other)
}

async function requireUsableDirectory(sessionsDir: string): Promise<void> {
  let directory = sessionsDir
  for (;;) {
    const stats = await lstat(directory).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw unusable(sessionsDir, directory, 'a part of its path is not a directory')
    })
    if (stats?.isDirectory() === true) break
    const followed =
      stats?.isSymbolicLink() === true
        ? await access(join(directory, '.')).then(
            () => true,
            () => false,
          )
        : false
    if (followed) break
    if (stats !== undefined) throw unusable(sessionsDir, directory, 'it is not a directory')
    directory = dirname(directory)
  }
  await access(directory, constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw unusable(sessionsDir, directory, error.code === 'EROFS' ? 'the file system is read-only' : 'it cannot be written to')
  })
}

function unusable(sessionsDir: string, at: string, reason: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'SESSIONS_DIR_UNUSABLE',
    message: `sessions cannot be put into ${sessionsDir}: ${at}: ${reason}`,
    hint: 'set another `sessionsDir` in the configuration, or make that one usable',
    details: { sessionsDir, at },
  })
}
