import { access, writeFile } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import { findSymlink, makeParents } from '../setup/contained-path.ts'
import { withPinnedDirectory } from '../setup/pinned-directory.ts'
import { toInertLine } from './log/inert-entry.ts'
import { toManifestPath } from './manifest.ts'
import type { Session } from './session.ts'

/**
 * The path of a new session's log, relative to its worktree: the minute it began in, numbered when another
 * session began in the same one, so that two logs never meet when they are merged.
 */
export function nameSessionLog(directory: string, startedAt: Date, taken: ReadonlySet<string>): string {
  const stamp = startedAt.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 13)
  for (let number = 1; ; number += 1) {
    const path = posix.join(directory.replaceAll('\\', '/'), `${stamp}_session${number === 1 ? '' : `-${number}`}.md`)
    if (!taken.has(path)) return path
  }
}

/** Creates the log in the worktree unless it is there; `main` is the main worktree. */
export async function createSessionLog(main: string, worktree: string, session: Session): Promise<void> {
  if (session.sessionLog === null) return
  // a branch may track a folder on the way as a link to anywhere
  if ((await findSymlink(worktree, session.sessionLog)) !== undefined) return
  const file = join(worktree, session.sessionLog)
  const isThere = await access(file).then(
    () => true,
    () => false,
  )
  if (isThere) return
  await makeParents(worktree, session.sessionLog)
  await withPinnedDirectory(worktree, posix.dirname(session.sessionLog), async (directory) => {
    reachFailpoint('write:session-log')
    await writeFile(join(directory, basename(file)), renderSessionLog(session, toManifestPath(main, worktree)), { flag: 'wx' })
  })
}

/**
 * The log as it is when a session begins. Goals come from outside: each stays on its line.
 * @param worktree as the manifest has it, from the main worktree: the log is committed, and read on other machines.
 */
export function renderSessionLog(session: Session, worktree: string): string {
  const goals = session.goals.length === 0 ? ['- (none given)'] : session.goals.map((goal) => `- ${toInertLine(goal)}`)
  const ports = Object.entries(session.ports).map(([name, port]) => `${name}=${port}`)
  return `${[
    `# Session ${session.id}`,
    '',
    `- Started: ${session.startedAt}`,
    `- Branch: ${session.branch ?? '(detached HEAD)'}`,
    `- Base: ${session.base} at ${session.baseCommit.slice(0, 12)}`,
    `- Worktree: ${toInertLine(worktree)}`,
    ...(ports.length === 0 ? [] : [`- Ports: ${ports.join(', ')}`]),
    `- Last synced with ${session.base}: ${session.lastSyncedAt ?? session.startedAt}`,
    '',
    '## Goals',
    '',
    ...goals,
    '',
    '## Plan',
    '',
    '## Summary',
    '',
    '## Decisions',
    '',
    '## Next steps',
    '',
  ].join('\n')}`
}
