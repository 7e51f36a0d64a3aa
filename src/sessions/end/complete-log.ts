import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { commitAll } from '../../git/commit-all.ts'
import type { Commit } from '../../git/log.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { toTimestamp } from '../timestamp.ts'

const begin = '<!-- flightrules: outcome -->'
const end = '<!-- flightrules: end of outcome -->'

/** Writes how a session ended into its log and commits the log, if it is not ignored. Doing it again replaces what was said. */
export async function completeLog(
  context: Context,
  { session, worktree }: RegisteredSession,
  outcome: { readonly how: string; readonly commits: readonly Commit[] },
): Promise<Finding[]> {
  const { sessionLog } = session
  if (sessionLog === null) return []
  if ((await findSymlink(worktree.path, sessionLog)) !== undefined) {
    return [
      { code: 'SESSION_LOG_SYMLINK', message: `the session log was not completed: ${sessionLog} leads through a symbolic link` },
    ]
  }
  const file = join(worktree.path, sessionLog)
  const isThere = (await readFile(file, 'utf8').catch(() => null)) !== null
  if (!isThere) return []
  const commits = withoutLogCommits(session.id, outcome.commits).toReversed()
  const lines = [
    `- How: ${outcome.how}`,
    ...(commits.length === 0 ? ['- Commits: none'] : ['- Commits:']),
    ...commits.map((commit) => `  - ${commit.oid.slice(0, 12)} ${commit.message.split('\n')[0] ?? ''}`),
    end,
  ].join('\n')
  const block = [begin, '## Outcome', '', `- Ended: ${toTimestamp(context.now())}`, lines].join('\n')
  await writeOutcome(file, lines, block)
  const changed = changedPaths(await readStatus(context.git, worktree.path))
  if (changed.includes(sessionLog)) await commitAll(context.git, worktree.path, subjectOf(session.id), [sessionLog])
  return []
}

/** An agent may be writing its last lines into the log this very moment: what was added since it was read is read again. */
async function writeOutcome(file: string, lines: string, block: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const text = await readFile(file, 'utf8')
    // the same command run again has nothing new to say
    if (text.includes(`\n${lines}`)) return
    const guard = async (): Promise<void> => {
      if ((await readFile(file, 'utf8')) !== text) throw new LogGrewError(`${file} is being written to`)
    }
    try {
      await replaceFile(file, withOutcome(text, block), { guard })
      return
    } catch (error) {
      if (!(error instanceof LogGrewError) || attempt === 5) throw error
    }
  }
}

class LogGrewError extends Error {}

/** The commits that are the session's work: completing its log is ours. */
export function withoutLogCommits(id: string, commits: readonly Commit[]): Commit[] {
  return commits.filter((commit) => commit.message.trim() !== subjectOf(id))
}

function subjectOf(id: string): string {
  return `docs: session log of ${id}`
}

/** The log with the outcome as its last block, in the place of an earlier one. */
export function withOutcome(text: string, block: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) return `${text.trimEnd()}\n\n${block}\n`
  return `${text.slice(0, from)}${block}${text.slice(to + end.length)}`
}
