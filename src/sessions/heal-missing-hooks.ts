import { lstat, readFile } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Finding } from '../errors.ts'
import { areHooksHeld } from '../git/no-hooks.ts'
import { healHooks, isMissingOrEmpty } from '../setup/heal-hooks.ts'
import { type Context, commonDirOf } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'

/**
 * Puts husky's generated folder back into sessions that lost it, as `git clean -xfd` takes it: git then runs no hook there and says nothing.
 * File reads only where nothing is missing.
 */
export async function healMissingHooks(context: Context, registered: readonly RegisteredSession[]): Promise<Finding[]> {
  const folder = context.bare ? undefined : await readGeneratedFolder(commonDirOf(context))
  if (folder === undefined || !(await isThere(join(context.main, folder, 'h')))) return []
  const found = await Promise.all(
    registered.map(async ({ worktree, session, gitDir }): Promise<Finding[]> => {
      const { path } = worktree
      if (worktree.main || worktree.prunable !== null) return []
      // whoever is making it comes to its hooks
      if (session.status === 'creating') return []
      // a branch from before husky has no hooks to run
      if (!(await isMissingOrEmpty(join(path, folder))) || !(await isThere(join(path, dirname(folder))))) return []
      // there git is to run none
      if (session.foreign !== undefined && (await areHooksHeld(gitDir))) return []
      const { healed, findings } = await healHooks({ git: context.git, main: context.main, worktree: path })
      if (!healed) return findings
      return [
        {
          code: 'HOOKS_HEALED',
          message: `git ran no hooks in ${path}, because ${folder} was gone there; it was put back`,
          details: { path },
        },
      ]
    }),
  )
  return found.flat()
}

/** Where husky has git look for hooks, from the repository's config file itself; what git makes of it is asked when something is to be done. */
async function readGeneratedFolder(commonDir: string): Promise<string | undefined> {
  const config = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '')
  const value = [...config.matchAll(/^[ \t]*hooksPath[ \t]*=[ \t]*"?([^"\r\n]*?)"?[ \t]*$/gim)].at(-1)?.[1]
  return value === undefined || isAbsolute(value) || basename(value) !== '_' ? undefined : value
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
