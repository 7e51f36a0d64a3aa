import type { Choice } from '../errors.ts'
import { FlightRulesError } from '../errors.ts'
import type { FetchedRequest } from './foreign/fetch-request.ts'
import { namePaths } from '../files/quote-path.ts'
import type { SessionOrigin } from './session.ts'

/** What becomes of uncommitted changes in the main worktree. */
export type DirtyMainDecision =
  | { readonly kind: 'refuse' }
  | { readonly kind: 'proceed' }
  | { readonly kind: 'commit'; readonly message: string }
  | { readonly kind: 'stash' }
  | { readonly kind: 'carry' }

export interface StartInput {
  readonly name: string | undefined
  /** Made from what it is about, for when no name is given; another one is taken where it is in use. */
  readonly madeName?: string
  readonly goals: readonly string[]
  /** Branch, tag or commit; undefined for the project's base. */
  readonly base: string | undefined
  /** Start from the commit of the worktree the command runs in, linked or not. */
  readonly fromHere: boolean
  readonly issue: number | null
  /** Somebody's request, to be checked out. */
  readonly request?: FetchedRequest
  readonly dirtyMain: DirtyMainDecision
  readonly reuseBranch: boolean
  readonly setup: 'run' | 'skip'
  /** Globs, seen from the root, of what it is going to change. */
  readonly touch?: readonly string[]
  /** Who wants it; undefined for a person at the command line. */
  readonly createdBy?: SessionOrigin
}

export const dirtyMainChoices: readonly Choice[] = [
  { flag: '--commit <message>', label: 'commit them in the main worktree first' },
  { flag: '--stash', label: 'put them on the stash (git stash push), to be taken back by hand' },
  { flag: '--carry', label: 'move them into the session' },
  { flag: '--proceed', label: 'leave them where they are; the session starts without them' },
]

/**
 * @param movable whether they can be committed, stashed or carried: half a merge cannot.
 * @throws FlightRulesError DIRTY_MAIN, naming the files.
 */
export function refuseDirtyMain(main: string, paths: readonly string[], movable: boolean): never {
  throw new FlightRulesError({
    kind: 'decision',
    code: 'DIRTY_MAIN',
    message: `the main worktree ${main} has uncommitted changes in ${paths.length} ${paths.length === 1 ? 'file' : 'files'} that the session would not have: ${namePaths(paths, 5)}`,
    hint: 'decide what becomes of them, with one of these flags',
    choices: movable ? dirtyMainChoices : dirtyMainChoices.filter((choice) => choice.flag === '--proceed'),
    details: { main, paths },
  })
}
