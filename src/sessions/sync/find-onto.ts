import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { countAheadBehind } from '../../git/ancestry.ts'
import { listFollowing } from '../../git/upstreams.ts'
import { findGoal } from '../base-goal.ts'
import type { Context } from '../context.ts'

/** What sessions of a base are brought onto. */
export interface Onto {
  /** Full name of the ref, whose reflog tells where it has been. */
  readonly ref: string
  /** As people and git call it: `main`, `origin/main`. */
  readonly name: string
  readonly oid: string
  readonly findings: readonly Finding[]
}

/**
 * The base as it is known here.
 * @throws FlightRulesError BASE_GONE.
 */
export async function findOnto(context: Pick<Context, 'git'>, base: string): Promise<Onto> {
  const { git } = context
  const following = (await listFollowing(git, [base])).get(base)
  const goal = following === undefined ? null : await findGoal(context, following)
  const { local = null, upstream = null } = following ?? {}
  const seen = upstream?.oid ?? null
  const ref = goal === 'upstream' ? upstream?.tracking : `refs/heads/${base}`
  const oid = goal === 'upstream' ? seen : local
  if (goal === null || ref === undefined || oid === null) throw baseGone(base)
  const name = (upstream?.tracking ?? '').replace('refs/remotes/', '')
  if (local === null || seen === null) return { ref, name: goal === 'upstream' ? name : base, oid, findings: [] }
  const { ahead: behind, behind: ahead } = await countAheadBehind(git, local, seen)
  if (goal === 'upstream') return { ref, name, oid, findings: [isBehind(base, name, behind)] }
  return { ref, name: base, oid, findings: behind === 0 ? [] : [diverged(base, name, { ahead, behind })] }
}

function isBehind(base: string, name: string, behind: number): Finding {
  return {
    code: 'BASE_BEHIND',
    message: `${base} here is ${countCommits(behind)} behind ${name}; sessions are synced with ${name}, and ${base} was not moved`,
    hint: `git pull --ff-only    where ${base} is checked out`,
    details: { base, upstream: name, behind },
  }
}

function diverged(base: string, name: string, { ahead, behind }: { ahead: number; behind: number }): Finding {
  return {
    code: 'BASE_DIVERGED',
    message: `${base} here has ${countCommits(ahead)} that ${name} does not have, and lacks ${countCommits(behind)} of it; sessions are synced with ${base} as it is here`,
    hint: `git pull    where ${base} is checked out brings both together; then sync again`,
    details: { base, upstream: name, ahead, behind },
  }
}

function baseGone(base: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'BASE_GONE',
    message: `the base ${base} is no branch any more, neither here nor on a remote; nothing was changed`,
    hint: `if it is known which commit it was: git branch ${quoteForShell(base)} <commit>`,
    details: { base },
  })
}

export function countCommits(count: number): string {
  return count === 1 ? '1 commit' : `${count} commits`
}
