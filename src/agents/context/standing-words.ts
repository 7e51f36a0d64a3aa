import { namePaths } from '../../files/quote-path.ts'
import { toOneLine } from '../../integrate/inert-text.ts'
import { operationStates } from '../../sessions/operation-states.ts'
import type { SessionState, SessionStatusEntry } from '../../sessions/session-status.ts'

const underWay = new Set<SessionState>(Object.values(operationStates))

/** How a session stands now, and what helps, in sentences for an agent. */
export function describeStanding(session: SessionStatusEntry): string[] {
  const { id, base, states, setup, conflicts } = session
  const withBase = conflicts.find((one) => one.with === `base:${base}`)
  return [
    `Now: ${[...countFiles(session), ...countCommits(session)].join(', ')}.`,
    ...(setup?.status === 'failed' || setup?.status === 'interrupted'
      ? [`Its setup ${setup.status === 'failed' ? 'failed' : 'was interrupted'}: flightrules setup ${id}`]
      : []),
    ...(states.includes('incomplete') && setup?.status !== 'interrupted'
      ? ['Its start did not come to an end: flightrules doctor']
      : []),
    ...(setup?.status === 'untrusted'
      ? [
          'Its setup did not run, because nobody approved the config: ask the person for flightrules trust, and leave that to them',
        ]
      : []),
    ...(states.includes('stale') ? [`It has gone without its base for long: flightrules sync ${id}`] : []),
    ...(withBase === undefined
      ? []
      : [`Merging it into ${toOneLine(base)} would conflict in ${namePaths(withBase.paths, 8)}: flightrules sync ${id}`]),
  ]
}

function countFiles({ changes, states }: SessionStatusEntry): string[] {
  const under = states.filter((state) => underWay.has(state))
  if (changes === null) return [...under, 'what is uncommitted could not be read']
  const count = changes.staged + changes.modified + changes.untracked
  if (count === 0) return [...under, 'nothing uncommitted']
  const kinds = (['staged', 'modified', 'untracked'] as const).filter((kind) => changes[kind] > 0)
  return [...under, `uncommitted files: ${kinds.map((kind) => `${changes[kind]} ${kind}`).join(', ')}`]
}

function countCommits({ ahead, behind, base, mode }: SessionStatusEntry): string[] {
  const name = toOneLine(base)
  if (ahead === null || behind === null) return [`how far it is from ${name} could not be read`]
  // one in the main worktree is on its base
  if (mode === 'standard') return []
  const commits = (count: number): string => `${count} ${count === 1 ? 'commit' : 'commits'}`
  return [`${commits(ahead)} ahead of ${name}${behind === 0 ? '' : ` and ${commits(behind)} behind`}`]
}
