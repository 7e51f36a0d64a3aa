import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeBlock } from '../files/marked-block.ts'
import { listHiddenFiles, listIgnoredEntries } from '../git/hidden-changes.ts'
import type { Context } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'

/**
 * What a clean worktree holds that no commit has and setup would not make again: ignored files other than dependencies and untouched
 * copies of env files, and files git was told not to look at. Empty means that nothing is lost with the folder.
 */
export async function listSpareContent(context: Context, entry: RegisteredSession): Promise<string[]> {
  const { git, loaded } = context
  const { path } = entry.worktree
  const [hidden, ignored] = await Promise.all([listHiddenFiles(git, path), listIgnoredEntries(git, path)])
  const isMatch = makeMatcher(loaded.config.dependencies.paths)
  const spare: string[] = []
  for (const name of ignored) {
    if (isMatch(name.replace(/\/$/, '')) || isMadeByTools(name)) continue
    if (await isUntouchedCopy(context, entry, name)) continue
    spare.push(name)
  }
  return [...hidden, ...spare]
}

/** Folders no person writes into, by the names their tools give them. Some ignore themselves: git then lists their files one by one. */
const madeByTools = ['node_modules', '.husky/_', '.venv', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache']

function isMadeByTools(name: string): boolean {
  return madeByTools.some((folder) => `/${name}`.includes(`/${folder}/`))
}

async function isUntouchedCopy({ loaded }: Context, { session, worktree }: RegisteredSession, name: string): Promise<boolean> {
  const file = join(worktree.path, name)
  const stats = await lstat(file).catch(() => undefined)
  if (stats?.isFile() !== true) return false
  const bytes = await readFile(file)
  const content = name === loaded.config.envOut ? removeBlock(bytes) : bytes
  const copied = session.envFiles.find((env) => env.path === name)
  if (copied === undefined) return name === loaded.config.envOut && content.length === 0
  return createHash('sha256').update(content).digest('hex') === copied.sha256
}

/** Dependency folders are globs; a folder inside one is as spare as the whole. */
function makeMatcher(globs: readonly string[]): (path: string) => boolean {
  const names = new Set(globs.filter((glob) => !/[*?{}[\]!()]/.test(glob)))
  const patterns = globs.filter((glob) => !names.has(glob)).map(toPattern)
  return (path) => names.has(path) || patterns.some((pattern) => pattern.test(path))
}

/** Only what dependency globs use: a star for one folder's name, two for any depth. Anything else matches nothing. */
function toPattern(glob: string): RegExp {
  const parts = glob
    .split('/')
    .map((part) => (part === '**' ? '(?:[^/]+/)*' : `${part.split('*').map(escapePattern).join('[^/]*')}/`))
  return new RegExp(`^${parts.join('').replace(/\/$/, '')}$`)
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
