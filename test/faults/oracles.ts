import { execFile } from 'node:child_process'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runProgram } from '../support/run-cli.ts'
import { canaryOf } from './templates.ts'
import { isThere, type View } from './view.ts'
import type { World } from './world.ts'

/** T: what was written is in a worktree, in the trash, or in an object that even the hardest garbage collection keeps. */
export async function findLostWork(world: World, tokens: readonly string[]): Promise<string[]> {
  const { project } = world
  await project.git(['reflog', 'expire', '--expire=now', '--all'])
  await project.git(['gc', '--quiet', '--prune=now'])
  const missing = new Set(tokens)
  const drop = (bytes: Buffer): void => {
    for (const token of missing) if (bytes.includes(token)) missing.delete(token)
  }
  await walkFiles(project.parent, drop)
  if (missing.size === 0) return []
  const options = { cwd: project.path, env: project.env, maxBuffer: 1 << 28, encoding: 'buffer' as const }
  const { stdout } = await promisify(execFile)('git', ['cat-file', '--batch', '--batch-all-objects', '--buffer'], options)
  drop(stdout)
  return [...missing].map((token) => `T: ${token} is nowhere`)
}

/** Worktrees and trash; not what is inside of git, nor the home, remote and forge of the test. */
async function walkFiles(folder: string, visit: (bytes: Buffer) => void): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (/^(?:\.git|home|origin\.git|forge)$/.test(entry.name)) continue
    if (entry.isDirectory()) await walkFiles(path, visit)
    else if (entry.isFile()) visit(await readFile(path).catch(() => Buffer.alloc(0)))
  }
}

/** M: the manifest is what records and git say, and each folder of the sessions directory is a session. */
export async function findUntruth(
  world: World,
  view: View,
  worktrees: 'all there' | 'some are missing' = 'all there',
): Promise<string[]> {
  const { project } = world
  if (typeof view.manifest === 'string') return [`M: ${view.manifest}`]
  const show = (entries: readonly { id: string; branch: string | null; path: string }[]): string =>
    entries
      .map(({ id, branch, path }) => `${id} ${branch ?? '-'} ${path}`)
      .toSorted()
      .join('; ')
  const problems: string[] = []
  // an entry whose worktree is gone without having been ended has no record any more
  const listed = view.manifest.filter((entry) => !entry.isOrphaned || view.sessions.some(({ id }) => id === entry.id))
  if (show(listed) !== show(view.sessions)) {
    problems.push(`M: the manifest says "${show(listed)}", the truth is "${show(view.sessions)}"`)
  }
  const known = new Set(view.worktrees.map(({ path }) => path))
  for (const { path } of worktrees === 'all there' ? view.worktrees : [])
    if (!(await isThere(path))) problems.push(`M: git lists ${path}, which is not there`)
  const folder = `${project.path}-sessions`
  for (const name of await readdir(folder).catch(() => [])) {
    if (name.startsWith('.')) continue
    if (!known.has(join(folder, name))) problems.push(`M: ${name} in the sessions directory is no worktree`)
  }
  for (const name of await readdir(join(folder, '.trash')).catch(() => [])) {
    if (!known.has(join(folder, '.trash', name))) problems.push(`M: ${name} in the trash is unknown to git`)
  }
  const registered = new Set(view.sessions.map(({ path }) => path))
  for (const { path } of view.worktrees) {
    if (path.startsWith(`${folder}/`) && !path.includes('/.trash/') && !registered.has(path)) {
      problems.push(`M: the worktree ${path} has no record`)
    }
  }
  return problems
}

/** G: git works for everybody in this repository. */
export async function findBrokenGit(world: World): Promise<string[]> {
  const { project } = world
  const problems: string[] = []
  const questions = [
    ['worktree', 'list'],
    ['fsck', '--no-dangling', '--no-progress'],
    ['status', '--porcelain'],
    ['fetch', '--quiet', project.remotePath ?? '.'],
  ]
  for (const args of questions) {
    const { status, stderr } = await runProgram('git', args, { cwd: project.path, env: project.env })
    const complaint = args[0] === 'fsck' ? /^(?:error|broken|missing|bad)[^\n]*/m.exec(stderr)?.[0] : undefined
    if (status !== 0 || complaint !== undefined)
      problems.push(`G: git ${args.join(' ')} ended with ${status}: ${complaint ?? stderr.trim()}`)
  }
  return problems
}

/** G: no branch that belongs to nobody, nothing half done lying around. */
export function findDebris(view: View, before: View): string[] {
  const owned = new Set(view.worktrees.map(({ branch }) => `refs/heads/${branch ?? ''}`))
  const stray = [...view.refs.keys()].filter(
    (ref) => ref.startsWith('refs/heads/session/') && !before.refs.has(ref) && !owned.has(ref),
  )
  const isNew = (file: string): boolean => !before.leftovers.includes(file)
  return [
    ...stray.map((ref) => `G: ${ref} belongs to no session`),
    ...view.leftovers.filter(isNew).map((file) => `G: ${file} was left behind`),
  ]
}

/** N: nothing ran that nobody approved. */
export async function findUnapproved(world: World): Promise<string[]> {
  return (await isThere(canaryOf(world))) ? ['N: the config of a session was run'] : []
}

/** Branch, index, changes and their content in the main worktree. */
export async function fingerprintMain({ project }: World): Promise<string> {
  const parts = [
    await project.git(['symbolic-ref', 'HEAD']),
    await project.git(['ls-files', '--stage']),
    await project.git(['status', '--porcelain=v2', '--untracked-files=all']),
    await project.git(['diff', 'HEAD']),
  ]
  return parts.join('\n')
}
