import type { Here, Others } from '../../sessions/here.ts'
import { operationStates } from '../../sessions/operation-states.ts'
import { escapeText } from '../escape-text.ts'
import type { Paint } from '../screen.ts'

/** Sessions, and ports, that are named one by one. */
const mostNamed = 3

/** Where one is, in one line; '' where there is nothing to say: no session here and none elsewhere. */
export function renderStatusline(here: Here, others: Others, paint: Paint): string {
  const parts = here.session === null ? describeElsewhere(here, others, paint) : describeSession(here.session, paint)
  return parts.join(paint.dim(' · '))
}

function describeSession(session: NonNullable<Here['session']>, paint: Paint): string[] {
  const { id, base, ports, operation, standing, setup, status } = session
  const { branch, changed, ahead, behind } = standing
  return [
    paint.bold(id),
    ...describeBranch(id, branch, operation !== null, paint),
    ...(operation === null ? [] : [paint.red(operationStates[operation])]),
    ...(changed === 0 ? [] : [paint.yellow(`${changed ?? '?'} changed`)]),
    ...describeDistance(base, ahead, behind),
    ...(setup?.status === 'failed' ? [paint.red('setup failed')] : []),
    ...(setup?.status === 'untrusted' ? [paint.red('setup not approved')] : []),
    ...(status === 'creating' || setup?.status === 'interrupted' ? [paint.red('incomplete')] : []),
    ...(status === 'kept' || status === 'ending' ? [paint.yellow(status)] : []),
    ...nameSome(Object.entries(ports).map(([name, port]) => `${name}=${port}`)),
  ]
}

/** The branch a session was given is told by its name; in the middle of a rebase git has none checked out. */
function describeBranch(id: string, branch: string | null, isBusy: boolean, paint: Paint): string[] {
  if (branch === null) return isBusy ? [] : [paint.yellow('detached')]
  return branch === id || branch.endsWith(`/${id}`) ? [] : [escapeText(branch)]
}

function describeDistance(base: string, ahead: number | null, behind: number | null): string[] {
  if (ahead === null || behind === null) return [`${escapeText(base)}: ?`]
  if (ahead === 0 && behind === 0) return []
  const name = escapeText(base)
  if (behind === 0) return [`${ahead} ahead of ${name}`]
  return [ahead === 0 ? `${behind} behind ${name}` : `${ahead} ahead, ${behind} behind ${name}`]
}

function describeElsewhere({ place }: Here, { others, orphaned }: Others, paint: Paint): string[] {
  if (others.length === 0) return []
  const lost = orphaned.length === 0 ? [] : [paint.red(`orphaned: ${nameSome(orphaned).join(', ')}`)]
  const there = others.filter((id) => !orphaned.includes(id))
  const number = there.length === 1 ? '1 session' : `${there.length} sessions`
  return [
    ...(place === 'worktree' ? [paint.yellow('no session here')] : []),
    ...(there.length === 0 ? [] : [`${number}: ${nameSome(there).join(', ')}`]),
    ...lost,
  ]
}

function nameSome(names: readonly string[]): string[] {
  return names.length <= mostNamed ? [...names] : [...names.slice(0, mostNamed), '…']
}
