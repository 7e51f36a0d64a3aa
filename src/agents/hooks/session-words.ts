import { namePaths, quotePath } from '../../files/quote-path.ts'
import { toOneLine } from '../../integrate/inert-text.ts'
import type { Context } from '../../sessions/context.ts'
import type { SessionSet } from '../../sessions/load-sessions.ts'
import type { Session } from '../../sessions/session.ts'
import type { Sibling } from './siblings.ts'

/** Sessions that are named one by one. */
const mostSiblings = 20

interface Here {
  readonly worktree: string
  readonly siblings: readonly Sibling[]
  /** Whether the agent's shell has the session's variables. */
  readonly isExported: boolean
}

/** What an agent in a session should know as it begins. */
export function describeHere({ main }: Context, session: Session, { worktree, siblings, isExported }: Here): string {
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
    isStandard
      ? "Stay in this worktree: the other sessions are others' places of work."
      : `Stay in this worktree: ${quotePath(main)} and the other sessions are others' places of work.`,
    'Other commands: flightrules status; flightrules radar --file <path> (who else changes it); to finish: flightrules end (a person decides how).',
    ...listSiblings(siblings),
  ].join('\n')
}

/** What an agent in the main directory should know; null where there is nothing to. */
export function describeMain({ main }: Context, set: SessionSet, siblings: readonly Sibling[]): string | null {
  const orphaned = set.registered.filter(({ worktree }) => worktree.prunable !== null).map(({ session }) => session.id)
  const known = new Set(set.registered.map(({ session }) => session.id))
  const remembered = set.manifest.state === 'valid' ? set.manifest.manifest.sessions.map(({ id }) => id) : []
  const lost = [...orphaned, ...remembered.filter((id) => !known.has(id))]
  if (siblings.length === 0 && lost.length === 0) return null
  return [
    `This repository uses Flight Rules; you are in no session of it. Main directory: ${quotePath(main)}.`,
    ...listSiblings(siblings),
    ...(lost.length === 0
      ? []
      : [`Orphaned sessions, whose folder is gone: ${lost.join(', ')}. Ask the person: flightrules cleanup`]),
    'Work of your own gets a session: flightrules start <name> --goal "<what it is for>"',
  ].join('\n')
}

function listGoals(goals: readonly string[]): string[] {
  return goals.length === 0 ? [] : ['Goals:', ...goals.map((goal) => `- ${toOneLine(goal).slice(0, 500)}`)]
}

function listSiblings(siblings: readonly Sibling[]): string[] {
  if (siblings.length === 0) return []
  const lines = siblings.slice(0, mostSiblings).map(({ entry: { session }, paths }) => {
    const [goal] = session.goals
    const about = goal === undefined ? '' : `, ${JSON.stringify(toOneLine(goal).slice(0, 120))}`
    const files =
      paths === null
        ? 'what it changes could not be read'
        : paths.length === 0
          ? 'no changes yet'
          : `changes ${namePaths(paths, 8)}`
    return `- ${session.id}${about}: ${files}`
  })
  const rest = siblings.length - lines.length
  return ['Other sessions at work in this repository:', ...lines, ...(rest === 0 ? [] : [`- … and ${rest} more`])]
}
