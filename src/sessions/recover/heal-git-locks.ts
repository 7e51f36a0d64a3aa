import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Finding } from '../../errors.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { removeDeadLock } from '../../operations/dead-lock.ts'
import type { JournalEntry } from '../../operations/journal.ts'
import { type Context, commonDirOf } from '../context.ts'
import { findProcessesIn } from '../live-processes.ts'

/**
 * Removes the lock files that the git of a dead operation left behind, which would stop every later git: only of refs and worktrees the
 * operation is about, made since it began, and while no git works in this repository. Call it when the operation's own
 * processes are gone. Anything less certain stays, for `doctor` to name.
 */
export async function healGitLocks(context: Context, entry: JournalEntry): Promise<Finding[]> {
  const commonDir = commonDirOf(context)
  const worktrees = await listAdminDirectories(commonDir)
  const candidates = await listCandidates(commonDir, worktrees, JSON.stringify(entry))
  const freed = await freeDeadLocks(context, candidates, entry.at)
  if (freed.length === 0) return []
  return [
    {
      code: 'GIT_LOCK_REMOVED',
      message: `git was killed in the middle of an operation of ours; what it left locked is free again: ${freed.map((path) => relative(commonDir, path)).join(', ')}`,
      details: { paths: freed },
    },
  ]
}

/**
 * Removes those lock files that were made since then (ISO time), while no git works in this repository.
 * @returns those that are free now.
 */
export async function freeDeadLocks(context: Context, paths: readonly string[], since: string): Promise<string[]> {
  // file systems round times down, to a whole second at worst
  const began = Date.parse(since) - 1_000
  const times = await Promise.all(paths.map(timeOf))
  const left = paths.filter((_path, index) => (times[index] ?? 0) >= began && times[index] !== 0)
  if (left.length === 0) return []
  const commonDir = commonDirOf(context)
  const worktrees = await listAdminDirectories(commonDir)
  const processes = await findProcessesIn([context.main, commonDir, ...worktrees.keys()], 'thorough')
  if (processes === 'unknown' || processes.some(({ name }) => name.startsWith('git'))) return []
  const freed: string[] = []
  for (const path of left) if (!(await removeDeadLock(path, { worktree: context.main, since }))) freed.push(path)
  return freed
}

/** Lock files of what the entry speaks of. */
async function listCandidates(commonDir: string, worktrees: ReadonlyMap<string, string>, text: string): Promise<string[]> {
  const speaksOf = (name: string): boolean => text.includes(JSON.stringify(name))
  const refs = await listLocks(join(commonDir, 'refs'), 'below')
  const ours = refs.filter((path) => {
    const ref = relative(commonDir, path).slice(0, -'.lock'.length).replaceAll('\\', '/')
    return ref.startsWith('refs/flightrules/') || speaksOf(ref) || speaksOf(ref.replace(/^refs\/heads\//, ''))
  })
  const folders = [...worktrees].filter(([path, gitDir]) => speaksOf(path) || speaksOf(gitDir)).map(([, gitDir]) => gitDir)
  const inside = await Promise.all(folders.map((gitDir) => listLocks(gitDir, 'here')))
  const shared = (await listLocks(commonDir, 'here')).filter((path) => /[\\/](?:packed-refs|config)\.lock$/.test(path))
  return [...ours, ...inside.flat(), ...shared]
}

async function listLocks(folder: string, where: 'here' | 'below'): Promise<string[]> {
  const entries = await readdir(folder, { recursive: where === 'below', withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Milliseconds since 1970; a file that is gone is older than everything. */
async function timeOf(path: string): Promise<number> {
  return stat(path).then(
    (stats) => stats.mtimeMs,
    () => 0,
  )
}
