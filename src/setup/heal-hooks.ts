import { copyFile, lstat, mkdir, readdir, readFile, rename } from 'node:fs/promises'
import { basename, isAbsolute, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import type { Finding } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { findContainedPath, findSymlink, isThere, makeParents } from './contained-path.ts'
import { withStaging } from './staging.ts'

export interface HooksToHeal {
  /** Runner of any directory; it is used in `worktree`. */
  readonly git: Git
  readonly main: string
  readonly worktree: string
  /** Value of core.hooksPath where it is known already; '' when unset. */
  readonly hooksPath?: string
}

/**
 * Makes husky's hooks run in a worktree. husky sets a relative core.hooksPath that ends in `_`, a generated folder
 * which ignores itself and so is missing in a new worktree: git then runs no hook there, and does not say so.
 */
export async function healHooks(input: HooksToHeal): Promise<{ healed: boolean; findings: Finding[] }> {
  const { main, worktree } = input
  const hooksPath = input.hooksPath ?? (await readHooksPath(input.git.at(worktree)))
  const nothing = { healed: false, findings: [] }
  const path = isAbsolute(hooksPath) || hooksPath.startsWith('~') ? undefined : findContainedPath(hooksPath)
  if (path === undefined || basename(path) !== '_' || main === worktree) return nothing
  const fail = (why: string, hint?: string): { healed: boolean; findings: Finding[] } => {
    const message = `git hooks do not run in ${worktree}: core.hooksPath is ${hooksPath}, which is missing there, and ${why}`
    return {
      healed: false,
      findings: [{ code: 'HOOKS_NOT_RUNNING', message, ...(hint === undefined ? {} : { hint }), details: { hooksPath } }],
    }
  }
  if (!(await isMissingOrEmpty(join(worktree, path)))) return nothing
  const symlink = (await findSymlink(main, path)) ?? (await findSymlink(worktree, path))
  if (symlink !== undefined) return fail(`${symlink} is a symlink`)
  if (!(await isThere(join(main, path))))
    return fail('it is missing in the main worktree as well', 'run husky in the main worktree (npm run prepare)')
  // without it the copies would show up as untracked files
  const rules = await readFile(join(main, path, '.gitignore'), 'utf8').catch(() => '')
  if (!rules.split(/\r?\n/).includes('*')) return fail("the main worktree's does not ignore itself, as husky's does")
  try {
    await copyFolder(main, worktree, path)
  } catch (error) {
    return fail((error as Error).message)
  }
  return { healed: true, findings: [] }
}

/** What comes back from a snapshot alone has the folder, and nothing in it: git runs as few hooks as without. */
export async function isMissingOrEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.length === 0,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  )
}

async function readHooksPath(git: Git): Promise<string> {
  return (await git.run(['config', '--get', 'core.hooksPath'], { accept: [0, 1] })).stdout.replace(/\n$/, '')
}

async function copyFolder(main: string, worktree: string, path: string): Promise<void> {
  const destination = join(worktree, path)
  await makeParents(worktree, path)
  await withStaging(worktree, destination, async (aside) => {
    await mkdir(aside)
    for (const name of await readdir(join(main, path))) {
      const source = join(main, path, name)
      if ((await lstat(source)).isFile()) await copyFile(source, join(aside, name))
    }
    reachFailpoint('rename:hooks')
    await rename(aside, destination).catch((error: NodeJS.ErrnoException) => {
      // another process was faster; its folder is as good
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  })
}
