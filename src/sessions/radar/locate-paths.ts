import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { quotePath } from '../../files/quote-path.ts'
import { resolveExisting } from '../../files/real-path.ts'
import type { Context } from '../context.ts'
import { isWithin } from '../find-session.ts'
import type { SessionSet } from '../load-sessions.ts'

/**
 * Paths as a person types them, absolute or from where the command runs, as paths from the root of the worktree they are in; '' is that
 * root. They need not exist.
 * @throws FlightRulesError FILE_OUTSIDE, FILE_EMPTY.
 */
export async function locatePaths(context: Context, set: SessionSet, typed: readonly string[]): Promise<string[]> {
  const located = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].filter(({ worktree }) => !worktree.bare)
  const roots = await Promise.all([...new Set(located.map(({ worktree }) => worktree.path))].map(resolveExisting))
  return Promise.all(typed.map((path) => locatePath(context, roots, path)))
}

async function locatePath({ cwd, main }: Context, roots: readonly string[], typed: string): Promise<string> {
  // a variable that holds nothing is no question about everything
  if (typed === '') {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'FILE_EMPTY',
      message: '"" names no file',
      hint: 'flightrules radar --file <path>    all of the folder you are in: --file .',
    })
  }
  const path = resolve(cwd, typed)
  // where a link leads is another path: one that is asked about is meant itself, the folders around it are where they really are
  const real = join(await resolveExisting(dirname(path)), basename(path))
  const [root] = roots.filter((candidate) => isWithin(candidate, real)).toSorted((a, b) => b.length - a.length)
  if (root === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'FILE_OUTSIDE',
      message: `${quotePath(typed)} is in no worktree of this repository`,
      hint: `name a path in ${main} or in a session`,
      details: { path },
    })
  }
  const inside = relative(root, real).split(sep).join('/')
  // as git names files, whatever the file system stores
  return process.platform === 'darwin' ? inside.normalize() : inside
}
