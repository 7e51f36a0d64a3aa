import { relative, sep } from 'node:path'
import { findExcludePattern } from '../git/exclude.ts'
import { findAgentFolder } from './agent-worktree.ts'
import { isWithin } from './find-session.ts'

/**
 * Patterns for worktrees that lie inside another one: git would show each there as an untracked folder, and `git add --all` would commit it as a
 * submodule. An agent's folder for them is one pattern, whatever comes into it.
 * @param paths absolute, of every worktree.
 * @param sessionsDir hidden as a whole where it is inside the main worktree.
 */
export function listInnerPatterns(paths: readonly string[], sessionsDir: string): string[] {
  const patterns = paths.flatMap((path) => {
    const around = paths.filter((other) => path.startsWith(`${other}${sep}`)).toSorted((a, b) => b.length - a.length)[0]
    if (around === undefined || (isWithin(sessionsDir, path) && !isWithin(sessionsDir, around))) return []
    const folder = findAgentFolder(path)
    const hidden = folder?.startsWith(`${around}${sep}`) === true ? folder : path
    const pattern = findExcludePattern(relative(around, hidden).replaceAll('\\', '/'))
    return pattern === undefined ? [] : [`${pattern}/`]
  })
  return [...new Set(patterns)]
}
