import { type Finding, FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { countAheadBehind } from '../../git/ancestry.ts'
import { listUpstreams } from '../../git/upstreams.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { type EndInput, keepChoice } from './end-input.ts'

/**
 * A base that is behind what it follows, as that was last fetched, would part from it by a merge. One that has parted already is only told of.
 * @throws FlightRulesError BASE_BEHIND_UPSTREAM; nothing was changed then.
 */
export async function findUpstreamAhead(
  context: Context,
  entry: RegisteredSession,
  { proceed }: EndInput,
  { base, tip }: { base: string; tip: string },
): Promise<Finding[]> {
  const { git } = context
  const { id, base: name } = entry.session
  const upstream = (await listUpstreams(git, [name])).get(name)
  if (upstream?.oid === undefined || upstream.oid === null) return []
  const theirs = upstream.tracking.replace('refs/remotes/', '')
  const { ahead, behind } = await countAheadBehind(git, upstream.oid, base)
  if (behind === 0) return []
  const commits = behind === 1 ? '1 commit' : `${behind} commits`
  const { conflicts } = await predictConflicts(git, upstream.oid, tip)
  const paths = conflicts.map(({ path }) => path)
  const them = behind === 1 ? 'it' : 'them'
  const clash =
    paths.length === 0 ? `the session merges with ${them}` : `the session conflicts with ${them} in ${namePaths(paths, 8)}`
  const details = { id, base: name, upstream: theirs, behind, ahead, conflicts }
  const hint = await followCommand(context, name, theirs)
  if (ahead > 0 || proceed) {
    const message = `${theirs} has ${commits} that ${name} does not have (${clash}), so ${name} has to be brought together with it before it can be pushed`
    return [{ code: 'UPSTREAM_AHEAD', message, details }]
  }
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_BEHIND_UPSTREAM',
    message: `${name} is behind ${theirs} by ${commits} (${clash}): merged into it as it is, it would part from ${theirs}; nothing was done`,
    hint: `bring ${name} up to date, then run the command again: ${hint}`,
    choices: [
      { flag: '--proceed', label: `merge into ${name} as it is here, and bring it together with ${theirs} later` },
      { flag: '--strategy pr', label: 'push the session and open a request instead' },
      keepChoice,
    ],
    details,
  })
}

async function followCommand({ git, main }: Context, name: string, theirs: string): Promise<string> {
  const holder = (await listWorktrees(git)).find(({ branch, prunable }) => branch === `refs/heads/${name}` && prunable === null)
  if (holder !== undefined) return `git -C ${quoteForShell(holder.path)} merge --ff-only ${quoteForShell(theirs)}`
  return `git -C ${quoteForShell(main)} fetch . ${quoteForShell(`refs/remotes/${theirs}:refs/heads/${name}`)}`
}
