import { FlightRulesError } from '../errors.ts'
import type { Conflict } from '../git/merge-tree.ts'

/** The refusal for work that does not merge by itself. `what` names the two sides, or the commit that does not fit. */
export function mergeConflicts(what: string, conflicts: readonly Conflict[]): FlightRulesError {
  const paths = conflicts.map(({ path }) => path)
  const shown = conflicts.slice(0, 10).map(({ path, kind }) => `${JSON.stringify(path)} (${kind})`)
  const more = conflicts.length > shown.length ? ` and ${conflicts.length - shown.length} more` : ''
  return new FlightRulesError({
    kind: 'conflict',
    code: 'MERGE_CONFLICTS',
    message: `${what} in ${paths.length === 1 ? 'one file' : `${paths.length} files`}: ${shown.join(', ')}${more}; everything is as it was before`,
    hint: 'in the session: git merge <base>, resolve the conflicts, commit; then run the command again',
    details: { paths, conflicts },
  })
}
