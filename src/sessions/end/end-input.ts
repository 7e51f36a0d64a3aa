import type { EndStrategy, MergeMethod, SyncMethod } from '../../config/types.ts'
import type { Choice, Finding } from '../../errors.ts'

export interface EndInput {
  readonly strategy: EndStrategy
  readonly merge: MergeMethod
  /** Message to commit what is uncommitted with; undefined refuses it. */
  readonly commit: string | undefined
  /** Message of the merge or squash commit. */
  readonly message: string | undefined
  readonly title: string | undefined
  /** Absolute path of a file with the request's text. */
  readonly bodyFile: string | undefined
  readonly draft: boolean
  /** Bring the session onto its base first. */
  readonly sync: false | SyncMethod
  readonly saveLog: boolean
  readonly keepWorktree: boolean
  readonly keepBranch: boolean
  /** Push and print where to open the request by hand. */
  readonly pushOnly: boolean
  /** Remote to push the branch to; undefined for the one git's configuration says. */
  readonly remote: string | undefined
  /** Open the request although it would conflict with the base; merge although the base was rewritten, or is behind its upstream. */
  readonly proceed: boolean
  /** A request of it was merged with exactly this commit, as the forge says: there is nothing left to integrate. */
  readonly mergedRequest?: { readonly tip: string; readonly request: { readonly number: number; readonly url: string } }
}

/** Into the trash with all of it. */
export const abandoning: EndInput = {
  strategy: 'abandon',
  merge: 'merge',
  commit: undefined,
  message: undefined,
  title: undefined,
  bodyFile: undefined,
  draft: false,
  sync: false,
  saveLog: false,
  keepWorktree: false,
  keepBranch: false,
  pushOnly: false,
  remote: undefined,
  proceed: false,
}

/** The `data` of `end`'s answer. */
export interface EndResult {
  readonly id: string
  readonly strategy: EndStrategy
  readonly integrated: { readonly into: string; readonly oid: string } | null
  readonly pr: { readonly number: number; readonly url: string } | null
  readonly pushed: boolean
  readonly worktreeRemoved: boolean
  readonly branchDeleted: boolean
  /** Name of what is kept of it, null when it was not removed. */
  readonly trash: string | null
  /** No folder of it is in the trash: what it held is in the snapshot alone. */
  readonly purged?: boolean
  /** Where a request can be opened by hand, after `--push-only`. */
  readonly compareUrl?: string | null
  /** Where the session is, when it is still there. */
  readonly path: string | null
}

export interface Ended {
  readonly result: EndResult
  readonly findings: readonly Finding[]
}

/** A start for every strategy's answer. */
export function emptyResult(id: string, strategy: EndStrategy, path: string): EndResult {
  return {
    id,
    strategy,
    integrated: null,
    pr: null,
    pushed: false,
    worktreeRemoved: false,
    branchDeleted: false,
    trash: null,
    path,
  }
}

export const keepChoice: Choice = { flag: '--strategy keep', label: 'push the branch if there is a remote, and keep everything' }
export const mergeChoice: Choice = { flag: '--strategy merge', label: 'merge it into its base here' }
export const abandonChoice: Choice = {
  flag: '--strategy abandon',
  label: 'put it all into the trash, from where it can be restored',
}
