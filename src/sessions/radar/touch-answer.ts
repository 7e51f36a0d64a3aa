import { FlightRulesError } from '../../errors.ts'
import { quotePath } from '../../files/quote-path.ts'

/** A session that changes a file, or the base of the session that asks. */
export interface Touch {
  /** A session's id, or `base:<branch>`. */
  readonly id: string
  /** ISO time it first did; null where that cannot be told. */
  readonly since: string | null
  /** A commit of it has it. */
  readonly committed: boolean
  /** Something of it is not committed. */
  readonly uncommitted: boolean
  /** Merging would conflict here: with the session that asks, else with any other or with its base. */
  readonly conflict: boolean
  /** What it changes of this: files in a folder, and the other name of one that was moved. */
  readonly paths: readonly string[]
}

export interface FileTouches {
  /** From the root of the worktree; '' for all of it. */
  readonly path: string
  readonly document: boolean
  readonly touchedBy: readonly Touch[]
}

/** What `--check` fails with; undefined where nothing conflicts. */
export function findTouchFailure(files: readonly FileTouches[]): FlightRulesError | undefined {
  const bad = files.flatMap(({ path, touchedBy }) => touchedBy.flatMap(({ id, conflict }) => (conflict ? [{ path, id }] : [])))
  const [first] = bad
  if (first === undefined) return undefined
  return new FlightRulesError({
    kind: 'conflict',
    code: 'CONFLICTS',
    message: `${quotePath(first.path === '' ? '.' : first.path)} would conflict with what ${first.id} does to it`,
    hint: 'flightrules radar',
    details: { files: bad },
  })
}
