import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Conflict } from '../git/merge-tree.ts'

/** What is brought together, by the names people have for it. */
export interface Sides {
  /** The session. */
  readonly id: string
  /** Where it is checked out, absolute. */
  readonly worktree: string
  /** What git would be asked to merge there: `main`, `origin/main`. */
  readonly base: string
}

/** The refusal for work that does not merge by itself. `what` says so of the two sides, or of the commit that does not fit. */
export function mergeConflicts(what: string, conflicts: readonly Conflict[], { worktree, base }: Sides): FlightRulesError {
  const paths = conflicts.map(({ path }) => path)
  const shown = conflicts.slice(0, 10).map(({ path, kind }) => `${JSON.stringify(path)} (${kind})`)
  const more = conflicts.length > shown.length ? ` and ${conflicts.length - shown.length} more` : ''
  return new FlightRulesError({
    kind: 'conflict',
    code: 'MERGE_CONFLICTS',
    message: `${what} in ${paths.length === 1 ? 'one file' : `${paths.length} files`}: ${shown.join(', ')}${more}; everything is as it was before`,
    hint: `git -C ${quoteForShell(worktree)} merge ${quoteForShell(base)}    resolve the conflicts there and commit; then run the command again`,
    details: { paths, conflicts },
  })
}
