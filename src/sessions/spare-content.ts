import { createHash } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { removeBlock } from '../files/marked-block.ts'
import { listHiddenFiles, listIgnoredEntries } from '../git/hidden-changes.ts'
import type { Context } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'
import type { Session } from './session.ts'

/**
 * What a clean worktree holds that no commit has and setup would not make again: ignored files other than dependencies and untouched
 * copies of env files, and files git was told not to look at. Empty means that nothing is lost with the folder.
 */
export async function listSpareContent(context: Context, { session, worktree }: RegisteredSession): Promise<string[]> {
  const [hidden, { spare }] = await Promise.all([
    listHiddenFiles(context.git, worktree.path),
    sortIgnored(context, session, worktree.path),
  ])
  return [...hidden, ...spare]
}

/**
 * Ignored files and folders (with a slash at the end), by whether setup makes them again: `remade` are dependencies and untouched copies of
 * env files, `spare` the others.
 */
export async function sortIgnored(
  context: Context,
  session: Pick<Session, 'envFiles'>,
  path: string,
): Promise<{ spare: string[]; remade: string[] }> {
  const isMatch = makeMatcher(context.loaded.config.dependencies.paths)
  const sorted = { spare: [] as string[], remade: [] as string[] }
  for (const name of await listIgnoredEntries(context.git, path)) {
    const isRemade =
      isMatch(name.replace(/\/$/, '')) || isMadeByTools(name) || (await isUntouchedCopy(context, session, path, name))
    sorted[isRemade ? 'remade' : 'spare'].push(name)
  }
  return sorted
}

/** Folders no person writes into, by the names their tools give them. Some ignore themselves: git then lists their files one by one. */
const madeByTools = ['node_modules', '.husky/_', '.venv', '__pycache__', '.pytest_cache', '.mypy_cache', '.ruff_cache']

function isMadeByTools(name: string): boolean {
  return madeByTools.some((folder) => `/${name}`.includes(`/${folder}/`))
}

async function isUntouchedCopy(
  { loaded }: Context,
  session: Pick<Session, 'envFiles'>,
  worktree: string,
  name: string,
): Promise<boolean> {
  const file = join(worktree, name)
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
