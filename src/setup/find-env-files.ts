import { quotePath } from '../files/quote-path.ts'
import { lstat, readFile } from 'node:fs/promises'
import { join, posix, relative, sep } from 'node:path'
import type { Finding } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { listFilesMatching, listIgnoredFiles, listUntrackedFiles } from '../git/ignore.ts'
import { findContainedPath, findSymlink } from './contained-path.ts'
import { listPaths } from './list-paths.ts'

/** A file of the main worktree each session gets a copy of. */
export interface EnvFile {
  /** Relative to the worktree, with slashes. */
  readonly path: string
  /** The copy of one is for its owner alone; that of another file has the mode of the original. */
  readonly secret: boolean
}

export interface EnvFileSearch {
  /** Runner of any directory; it is used in `main`. */
  readonly git: Git
  /** Absolute path of the main worktree. */
  readonly main: string
  readonly globs: readonly string[]
  /** Absolute path of the sessions directory. */
  readonly sessionsDir: string
}

/**
 * The ignored, untracked, regular files of the main worktree that match `globs`, or `.worktreeinclude` by git's own
 * rules. What is tracked is in every worktree already; what is neither tracked nor ignored would end in a commit, so
 * it is named in a finding and not taken.
 */
export async function findEnvFiles(search: EnvFileSearch): Promise<{ files: EnvFile[]; findings: Finding[] }> {
  const { main } = search
  const git = search.git.at(main)
  const findings: Finding[] = []
  const sessions = findContainedPath(relative(main, search.sessionsDir).split(sep).join('/'))
  const isSessions = (path: string): boolean => sessions !== undefined && (path === sessions || path.startsWith(`${sessions}/`))

  const globs = acceptGlobs(search.globs, findings)
  const [listed, included] = await Promise.all([listPaths(main, globs, sessions), findIncluded(git, main, findings)])
  const globbed = await keepRegular(main, listed, findings)

  const isIgnored = await listIgnoredFiles(git, included.size > 0 ? undefined : globbed)
  const others = globbed.filter((path) => !isIgnored.has(path))
  const exposed = await listUntrackedFiles(git, others)
  report(
    findings,
    others.filter((path) => exposed.has(path)),
    {
      code: 'ENV_FILE_NOT_IGNORED',
      text: 'match envFiles but are not ignored by git, so a commit in the session would take them; they were not copied',
      hint: 'add them to .gitignore, or to .git/info/exclude',
    },
  )

  const secrets = new Set(globbed.filter((path) => isIgnored.has(path)))
  const extra = [...included].filter((path) => isIgnored.has(path) && !secrets.has(path) && !isSessions(path))
  const files = [
    ...[...secrets].map((path) => ({ path, secret: true })),
    ...(await keepRegular(main, extra, findings)).map((path) => ({
      path,
      secret: posix.basename(path).startsWith('.env'),
    })),
  ]
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), findings }
}

function acceptGlobs(globs: readonly string[], findings: Finding[]): string[] {
  const accepted: string[] = []
  const refused: string[] = []
  for (const glob of globs) {
    const body = glob.replace(/^!/, '')
    const leaves = findContainedPath(body) === undefined || body.startsWith('~') || body.split('/').includes('..')
    if (leaves) refused.push(glob)
    else accepted.push(glob)
  }
  report(findings, refused, {
    code: 'ENV_GLOB_REFUSED',
    text: 'of envFiles lead out of the main worktree or into .git and were left out',
    hint: 'use globs relative to the main worktree',
  })
  return accepted
}

async function findIncluded(git: Git, main: string, findings: Finding[]): Promise<Set<string>> {
  const file = join(main, '.worktreeinclude')
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined) return new Set()
  const text = stats.isFile() ? await readFile(file, 'utf8').catch(() => undefined) : undefined
  if (text === undefined) {
    const reason = stats.isFile() ? 'could not be read' : 'is not a regular file and was not read'
    report(findings, ['.worktreeinclude'], { code: 'WORKTREEINCLUDE_REFUSED', text: reason })
    return new Set()
  }
  // most projects have no such file
  const { findInvalidPatterns } = await import('./include-patterns.ts')
  for (const { line, text: pattern } of findInvalidPatterns(text)) {
    findings.push({
      code: 'WORKTREEINCLUDE_PATTERN_INVALID',
      message: `line ${line} of .worktreeinclude, ${quotePath(pattern)}, is no valid pattern and was passed over`,
      details: { line, pattern },
    })
  }
  return listFilesMatching(git, file)
}

/** Directories are left out in silence; symlinks, pipes and files behind a symlink with a finding. */
async function keepRegular(main: string, paths: readonly string[], findings: Finding[]): Promise<string[]> {
  const refused: string[] = []
  const kept: string[] = []
  for (const path of paths) {
    const stats = await lstat(join(main, path)).catch(() => undefined)
    if (stats === undefined || stats.isDirectory()) continue
    if (stats.isFile() && (await findSymlink(main, path)) === undefined) kept.push(path)
    else refused.push(path)
  }
  report(findings, refused, {
    code: 'ENV_FILE_NOT_REGULAR',
    text: 'are symlinks, lie behind one, or are no regular files; they were not copied',
  })
  return kept
}

function report(findings: Finding[], paths: readonly string[], say: { code: string; text: string; hint?: string }): void {
  if (paths.length === 0) return
  const rest = paths.length > 5 ? ` and ${paths.length - 5} more` : ''
  findings.push({
    code: say.code,
    message: `${paths.slice(0, 5).map(quotePath).join(', ')}${rest} ${say.text}`,
    ...(say.hint === undefined ? {} : { hint: say.hint }),
    details: { paths },
  })
}
