import type { Git } from './git.ts'

/** More paths than this on one command line are not worth it: everything is listed instead. */
const maxPathspecs = 400

/**
 * Ignored and untracked files, relative to the directory of `git` (which must be the top of a worktree).
 * With `paths` only among these; more than asked may come back. Nested repositories are left out.
 */
export async function listIgnoredFiles(git: Git, paths?: readonly string[]): Promise<Set<string>> {
  return listOthers(git, ['-i', '--exclude-standard'], paths)
}

/** Untracked files that no rule ignores; a `git add -A` would take them. */
export async function listUntrackedFiles(git: Git, paths: readonly string[]): Promise<Set<string>> {
  return listOthers(git, ['--exclude-standard'], paths)
}

/** Untracked files that match the patterns of a file in gitignore syntax, whatever the project's own rules say. */
export async function listFilesMatching(git: Git, patternFile: string): Promise<Set<string>> {
  return listOthers(git, ['-i', '-X', patternFile])
}

async function listOthers(git: Git, flags: readonly string[], paths?: readonly string[]): Promise<Set<string>> {
  if (paths?.length === 0) return new Set()
  const limit = paths === undefined || paths.length > maxPathspecs ? [] : ['--', ...paths]
  const output = await git.read(['--literal-pathspecs', 'ls-files', '-z', '-o', ...flags, ...limit])
  // a nested repository is one entry that ends with a slash
  return new Set(output.split('\0').filter((path) => path !== '' && !path.endsWith('/')))
}

/**
 * Those of `paths` that are ignored here and not tracked. They need not exist; a rule with a trailing slash then only matches
 * what is written below it. Paths must not lead through a symlink; one inside a submodule counts as not ignored.
 */
export async function findIgnoredPaths(git: Git, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set()
  const input = paths.map((path) => `${path}\0`).join('')
  const { status, stdout } = await git.run(['check-ignore', '-z', '--stdin'], { input, accept: [0, 1, 128] })
  if (status !== 128) return new Set(stdout.split('\0').filter((path) => path !== ''))
  if (paths.length === 1) return new Set()
  // git gives up on the whole list at the first path it does not like
  const ignored = new Set<string>()
  for (const path of paths) for (const found of await findIgnoredPaths(git, [path])) ignored.add(found)
  return ignored
}

/** Whether the index holds this file, or anything below this directory. */
export async function isTracked(git: Git, path: string): Promise<boolean> {
  return (await git.read(['--literal-pathspecs', 'ls-files', '-z', '--', path])) !== ''
}
