import { FlightRulesError } from '../errors.ts'
import { matchesGlobs } from '../files/glob.ts'
import { findContainedPath } from '../setup/contained-path.ts'
import { isAt } from './radar/is-at.ts'

/** Whether a value may be a declared intention: a glob inside the repository, seen from its root, that takes nothing out again. */
export function isTouchGlob(value: unknown): value is string {
  if (typeof value !== 'string' || value.startsWith('!') || /\p{Cc}/u.test(value)) return false
  if (value.split(/[\\/]/).includes('..')) return false
  return findContainedPath(value.replace(/\/+$/, '')) !== undefined
}

/**
 * What was typed after `--touch`, each once.
 * @throws FlightRulesError INVALID_TOUCH.
 */
export function requireTouch(typed: readonly string[]): string[] {
  const globs = typed.map((glob) => glob.trim().replace(/^(?:\.\/)+/, ''))
  const wrong = globs.find((glob) => !isTouchGlob(glob))
  if (wrong === undefined) return [...new Set(globs)]
  throw new FlightRulesError({
    kind: 'usage',
    code: 'INVALID_TOUCH',
    message: `${JSON.stringify(wrong)} says nothing of which files of this repository are meant: a path or glob seen from its root is expected, without \`..\` and without \`!\``,
    hint: "flightrules start <name> --touch 'src/auth/**'",
    details: { glob: wrong },
  })
}

/** Whether the globs mean this path. A folder means all that is in it, as for git; and `app/[id]` means that very folder too. */
export function isMeant(globs: readonly string[], path: string): boolean {
  return matchesGlobs(globs.flatMap(withInside), path) || globs.some((glob) => isAt(asPath(glob), path))
}

function asPath(glob: string): string {
  return glob.replace(/^(?:\.\/)+/, '').replace(/\/+$/, '')
}

/**
 * Globs of `a` that may mean a file one of `b` means too: one there is, a path that is spelled out, or all in a folder the other is in.
 * Files that are still to come and only wildcards speak of are not foreseen.
 */
export function findShared(a: readonly string[], b: readonly string[], files: readonly string[]): string[] {
  const meantByB = files.filter((path) => isMeant(b, path))
  return a.filter(
    (glob) =>
      meantByB.some((path) => isMeant([glob], path)) || b.some((other) => includesGlob(glob, other) || includesGlob(other, glob)),
  )
}

/** Whether what `inner` says in plain letters up to its first wildcard is among what `outer` means. */
function includesGlob(outer: string, inner: string): boolean {
  if (isAt(asPath(outer), asPath(inner))) return true
  const plain = /^[^*?[{\\]*/.exec(inner)?.[0] ?? ''
  if (plain === inner) return isMeant([outer], asPath(inner))
  const folder = plain.slice(0, plain.lastIndexOf('/') + 1)
  const all = /^([^*?[{\\]*\/|)\*\*(?:\/\*)?$/.exec(outer)?.[1] ?? (/[*?[{\\]/.test(outer) ? undefined : `${asPath(outer)}/`)
  return all !== undefined && folder.startsWith(all)
}

function withInside(glob: string): string[] {
  return glob.endsWith('/') || glob.endsWith('**') ? [glob] : [glob, `${glob}/**`]
}
