import { quotePath } from '../../../files/quote-path.ts'
import { findLiteral } from '../script.ts'
import { covers, toPathPattern } from '../path-pattern.ts'
import { findGitCommand, isInRepository } from './git-command.ts'
import { deny, type Rule, warn } from './rule.ts'

/** A session's worktree goes with `end`, which keeps what is in it. */
export const guardWorktreeRemoval: Rule = async (run, { commonDir, grounds }) => {
  const git = findGitCommand(run)
  if (git?.verb !== 'worktree' || git.texts[0] !== 'remove') return []
  const rest = git.args.slice(1)
  const isForced = rest.some((word) => /^(?:-f+|--f(?:o(?:r(?:ce?)?)?)?)$/.test(findLiteral(word) ?? ''))
  if (!isForced || (await isInRepository(git, commonDir)) === 'no') return []
  const [target] = rest.filter((word) => !(findLiteral(word) ?? '').startsWith('-'))
  if (target === undefined && !run.more) return []
  const sessions = grounds.flatMap(({ path, session, main }) => (session === null || main ? [] : [{ path, id: session.id }]))
  const pattern = target === undefined ? undefined : await toPathPattern(target, git.cwd)
  const name = target === undefined ? undefined : findLiteral(target)
  for (const { path, id } of sessions) {
    // git also takes the end of a worktree's path
    const isNamed = name !== undefined && name !== '' && path.endsWith(`/${name.replace(/\/+$/, '')}`)
    if (isNamed || (pattern !== undefined && !pattern.open && covers(pattern, path) === 'yes')) {
      return [
        deny(
          `${quotePath(path)} is session ${id}; forced, git would delete it with what nobody has committed. To take it away with everything kept: flightrules end ${id} --strategy abandon. Ask the person first.`,
        ),
      ]
    }
  }
  if (pattern !== undefined && !pattern.open && target?.every(({ kind }) => kind === 'text') === true) return []
  if (sessions.length === 0) return []
  return [warn('this may delete the worktree of a session with what nobody has committed; flightrules end <id> keeps it.')]
}
