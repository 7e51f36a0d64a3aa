import type { Finding } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { namePaths } from '../../files/quote-path.ts'
import type { SideProblem } from '../../radar/compare-sides.ts'
import type { Comparison } from '../../radar/comparison.ts'

/** Two of those that were compared, and what came of it. */
export interface ComparedPair {
  readonly a: string
  readonly b: string
  readonly comparison: Comparison
}

/** What pairs have between them that is no conflict for git, and yet worth knowing; in a shallow clone it may be for want of history. */
export function describePairs(pairs: readonly ComparedPair[], isShallow: boolean): Finding[] {
  const withOutcome = (outcome: Comparison['outcome']): ComparedPair[] =>
    pairs.filter(({ comparison }) => comparison.outcome === outcome)
  return [
    ...groupBySide(withOutcome('failed')).map(describeFailure),
    ...groupBySide(withOutcome('unrelated')).map((group) => describeUnrelated(group, isShallow)),
    ...groupBySide(pairs.filter(({ comparison }) => comparison.caseClash.length > 0)).map(describeCaseClash),
  ]
}

interface Group {
  readonly id: string
  readonly others: readonly string[]
  readonly reason: string
  readonly caseClash: readonly string[]
}

/** Each pair once, with the one that most of them have in common: where a history is broken, every pair it is part of is. */
function groupBySide(pairs: readonly ComparedPair[]): Group[] {
  const groups: Group[] = []
  for (let left = pairs; left.length > 0;) {
    const counts = new Map<string, number>()
    for (const { a, b } of left) for (const name of [a, b]) counts.set(name, (counts.get(name) ?? 0) + 1)
    const [[id] = ['']] = [...counts].toSorted(([, one], [, other]) => other - one)
    const own = left.filter(({ a, b }) => a === id || b === id)
    const others = own.map(({ a, b }) => (a === id ? b : a))
    const caseClash = [...new Set(own.flatMap(({ comparison }) => comparison.caseClash))].sort()
    groups.push({ id, others, reason: own[0]?.comparison.reason ?? '', caseClash })
    left = left.filter(({ a, b }) => a !== id && b !== id)
  }
  return groups
}

function describeFailure({ id, others, reason }: Group): Finding {
  return {
    code: 'NOT_COMPARED',
    message: `${nameSide(id)} could not be compared with ${others.map(nameSide).join(', ')}; git said: ${reason}`,
    hint: 'git fsck --connectivity-only',
    details: { id, others, reason },
  }
}

/** Whether it says that this session could not be compared with its base. */
export function isAboutBase({ code, details }: Finding, id: string): boolean {
  const names = [details?.['id'], details?.['others']].flat()
  return code === 'NOT_COMPARED' && names.includes(id) && names.some((name) => String(name).startsWith('base:'))
}

function describeUnrelated({ id, others }: Group, isShallow: boolean): Finding {
  const names = others.map(nameSide).join(', ')
  const why = isShallow ? '; this clone is shallow, its history is cut off' : ''
  return {
    code: 'UNRELATED_HISTORIES',
    message: `${nameSide(id)} has no commit in common with ${names}, so there is no telling what either changed${why}`,
    ...(isShallow ? { hint: 'git fetch --unshallow' } : {}),
    details: { id, others },
  }
}

function nameSide(name: string): string {
  return name.replace(/^base:/, 'base ')
}

function describeCaseClash({ id, others, caseClash }: Group): Finding {
  return {
    code: 'CASE_CLASH',
    message: `${nameSide(id)} and ${others.map(nameSide).join(', ')} have files whose names only upper and lower case tell apart, which are one file on many disks: ${namePaths(caseClash, 5)}`,
    details: { id, others, paths: caseClash },
  }
}

/** Why a side was not compared as it is. */
export function describeProblem({ name, kind, paths, reason }: SideProblem): Finding {
  const details = { id: name, paths }
  switch (kind) {
    case 'unread':
      return {
        code: 'FILES_UNREADABLE',
        message: `session ${name} has files nobody may read, compared as they were checked out: ${namePaths(paths, 5)}`,
        hint: `ls -l "$(flightrules path ${quoteForShell(name)})"    make them readable, or take them away`,
        details,
      }
    case 'unfiltered':
      return {
        code: 'FILTER_FAILED',
        message: `session ${name}: a filter git is told to run on its files could not be run; they were compared unfiltered`,
        hint: 'git config --get-regexp "^filter"',
        details,
      }
    case 'many':
      return {
        code: 'MANY_UNTRACKED',
        message: `session ${name} has ${reason} untracked files; only those whose paths others change were read`,
        hint: 'ignore what is made by machine: .gitignore',
        details: { ...details, count: Number(reason) },
      }
    case 'uncaptured':
      return {
        code: 'SESSION_UNREACHABLE',
        message: `session ${name} could not be read as it is, so only its commits were compared; git said: ${reason}`,
        hint: 'flightrules doctor',
        details,
      }
  }
}
