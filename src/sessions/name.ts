import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'

const longestName = 60
const allowed = /^[a-z0-9][a-z0-9._-]*$/

/** Names Windows keeps for devices, with or without an ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/

/**
 * Checks a session's name; it becomes a folder, a branch and a part of host names.
 * @throws FlightRulesError INVALID_NAME with the name it could be.
 */
export function requireName(name: string): string {
  const reason = findNameProblem(name)
  if (reason === undefined) return name
  const slug = slugify(name)
  throw new FlightRulesError({
    kind: 'usage',
    code: 'INVALID_NAME',
    message: `${JSON.stringify(name)} cannot be a session's name: ${reason}`,
    hint: slug === undefined ? 'use lower-case letters, digits, ".", "_" and "-"' : `flightrules start ${slug}`,
    details: { name, ...(slug === undefined ? {} : { suggestion: slug }) },
  })
}

/** Why a text cannot be a session's name, undefined when it can. */
export function findNameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (name.length > longestName) return `it has ${name.length} characters, at most ${longestName} are allowed`
  if (name.startsWith('-')) return 'a leading dash would be read as a flag'
  if (name.includes('/')) return 'a slash would make folders'
  if (!allowed.test(name))
    return 'only lower-case letters, digits, ".", "_" and "-" are allowed, beginning with a letter or digit'
  if (name.includes('..')) return 'git does not allow ".." in a branch name'
  if (name.endsWith('.')) return 'git does not allow a trailing dot in a branch name'
  if (name.endsWith('.lock')) return 'git does not allow a branch name that ends with ".lock"'
  if (deviceName.test(name)) return 'it is the name of a device on Windows'
  return undefined
}

/** Letters that Unicode does not take apart into a plain one and a mark. */
const undecomposed: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd' }

/** The nearest allowed name for a text, undefined when nothing of it is left. */
export function slugify(text: string): string | undefined {
  const slug = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[ßæœøłđ]/g, (letter) => undecomposed[letter] ?? '')
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, longestName)
    .replace(/(?:\.lock|[^a-z0-9])+$/, '')
  return findNameProblem(slug) === undefined ? slug : undefined
}

/** A short name for a goal: its first few words. */
export function nameFromGoal(goal: string): string | undefined {
  const words = (slugify(goal.slice(0, 200)) ?? '').split('-').filter((word) => word !== '')
  let name = ''
  for (const word of words) {
    const longer = name === '' ? word : `${name}-${word}`
    if (longer.length > 32) break
    name = longer
  }
  return slugify(name)
}

/** Why these goals make no name, and what to type instead. */
export function nameNeeded(goals: readonly string[]): FlightRulesError {
  const [goal] = goals
  if (goal === undefined) {
    return new FlightRulesError({
      kind: 'usage',
      code: 'NAME_NEEDED',
      message: 'a session needs a name, or a goal to make one from',
      hint: 'flightrules start <name> --goal "what it is for"',
    })
  }
  return new FlightRulesError({
    kind: 'usage',
    code: 'NAME_NEEDED',
    message: `nothing in the goal ${JSON.stringify(goal)} can be a session's name: a name is made of the ASCII letters and digits of the goal`,
    hint: `flightrules start <name> --goal ${quoteForShell(goal)}`,
    details: { goals },
  })
}

/** `name`, or with a number behind it the first that `isTaken` does not know. */
export function firstFreeName(name: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(name)) return name
  for (let number = 2; ; number += 1) {
    const candidate = `${name.slice(0, longestName - String(number).length - 1)}-${number}`
    if (!isTaken(candidate)) return candidate
  }
}

/** How two names are compared: on some file systems `App` and `app` are one folder. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
