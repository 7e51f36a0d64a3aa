import { namePaths, quotePath } from '../../files/quote-path.ts'
import { toOneLine } from '../../integrate/inert-text.ts'
import type { Session } from '../../sessions/session.ts'

/** Sessions that are named one by one. */
const mostSiblings = 20

/** Another session, as far as there are words for it. */
export interface Told {
  readonly id: string
  readonly status: Session['status']
  readonly goals: readonly string[]
  /** Globs of what it was said to be going to change. */
  readonly touch?: readonly string[]
  /** null where that could not be found out. */
  readonly changed: readonly string[] | null
  /** Files in which merging it and the session here would conflict; absent where that was not asked. */
  readonly conflict?: readonly string[]
}

export interface Here {
  readonly main: string
  readonly worktree: string
  readonly others: readonly Told[]
  /** Whether the agent's shell has the session's variables. */
  readonly isExported: boolean
  /** Sentences on how the session stands. */
  readonly standing?: readonly string[]
}

/** What an agent in a session should know as it begins. */
export function describeHere(
  session: Pick<Session, 'id' | 'branch' | 'base' | 'goals' | 'ports' | 'sessionLog'>,
  { main, worktree, others, isExported, standing = [] }: Here,
): string {
  const { id, branch, base, goals, ports, sessionLog } = session
  const isStandard = worktree === main
  const given = Object.entries(ports).map(([name, port]) => `${name}=${port}`)
  return [
    isStandard
      ? `You work in the Flight Rules session "${id}", in the main worktree ${quotePath(worktree)}: no worktree and no branch of its own.`
      : `You work in the Flight Rules session "${id}": worktree ${quotePath(worktree)}, branch ${toOneLine(branch ?? '(detached)')}, which goes back to ${toOneLine(base)}.`,
    ...listGoals(goals),
    ...(given.length === 0
      ? []
      : [`Ports of this session${isExported ? ', also in the environment of your shell' : ''}: ${given.join(' ')}`]),
    ...(sessionLog === null ? [] : [`Session log: ${quotePath(sessionLog)}`]),
    ...standing,
    isStandard
      ? "Stay in this worktree: the other sessions are others' places of work."
      : `Stay in this worktree: ${quotePath(main)} and the other sessions are others' places of work.`,
    'Other commands: flightrules status; flightrules radar --file <path> (who else changes it); to finish: flightrules end (a person decides how).',
    ...listOthers(others),
  ].join('\n')
}

/** What an agent in the main directory, or in a worktree that is no session, should know. */
export function describeMain(main: string, others: readonly Told[], orphaned: readonly string[]): string {
  return [
    `This repository uses Flight Rules; you are in no session of it. Main directory: ${quotePath(main)}.`,
    ...listOthers(others),
    ...(orphaned.length === 0
      ? []
      : [`Orphaned sessions, whose folder is gone: ${orphaned.join(', ')}. Ask the person: flightrules cleanup`]),
    'Work of your own gets a session: flightrules start <name> --goal "<what it is for>"',
  ].join('\n')
}

function listGoals(goals: readonly string[]): string[] {
  return goals.length === 0 ? [] : ['Goals:', ...goals.map((goal) => `- ${toOneLine(goal).slice(0, 500)}`)]
}

function listOthers(others: readonly Told[]): string[] {
  if (others.length === 0) return []
  const lines = others.slice(0, mostSiblings).map(({ id, status, goals: [goal], touch = [], changed, conflict = [] }) => {
    const kept = status === 'kept' ? ' (ended, its work is kept)' : ''
    const about = goal === undefined ? '' : `, ${JSON.stringify(toOneLine(goal).slice(0, 120))}`
    const files =
      changed === null
        ? 'what it changes could not be read'
        : changed.length === 0
          ? 'no changes yet'
          : `changes ${namePaths(changed, 8)}`
    const declared = touch.length === 0 ? '' : `; is going to change ${namePaths(touch, 8)}`
    const conflicts = conflict.length === 0 ? '' : `; would conflict with yours in ${namePaths(conflict, 8)}`
    return `- ${id}${kept}${about}: ${files}${declared}${conflicts}`
  })
  const rest = others.length - lines.length
  return ['Other sessions of this repository:', ...lines, ...(rest === 0 ? [] : [`- … and ${rest} more`])]
}
