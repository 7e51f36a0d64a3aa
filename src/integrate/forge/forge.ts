import type { RemoteRepository } from '../remote-url.ts'
import type { MergedRequest } from './merged-request.ts'

/** A pull request or merge request. */
export interface ForgeRequest {
  readonly number: number
  readonly url: string
}

/** What a request says of itself. Everything in it is somebody's text. */
export interface RequestDetails extends ForgeRequest {
  readonly title: string
  readonly body: string
  readonly state: string
  readonly draft: boolean
  readonly labels: readonly string[]
  /** Who was asked to review it, or has. */
  readonly reviewers: readonly string[]
  /** Short name of the branch it goes into. */
  readonly base: string
  /** Short name of the branch it comes from, in the same repository or in a fork. */
  readonly head: string
  readonly isFork: boolean
  /** The fork's owner, or the author: whose it is; null where the client does not say. */
  readonly from: string | null
}

export interface ForgeIssue {
  readonly number: number
  readonly url: string
  readonly title: string
  readonly isOpen: boolean
}

export interface RequestBranches {
  readonly base: string
  readonly head: string
}

export interface NewRequest extends RequestBranches {
  readonly title: string
  /** File with the text; never passed through a shell. */
  readonly bodyFile: string
  readonly draft: boolean
  readonly labels: readonly string[]
  readonly reviewers: readonly string[]
}

export interface RequestChange {
  readonly title?: string
  readonly bodyFile?: string
  readonly labels?: readonly string[]
  readonly reviewers?: readonly string[]
}

/** The command-line client of a forge. Each method throws FlightRulesError FORGE_CLI_MISSING, FORGE_LOGIN, FORGE_FAILED or FORGE_ANSWER. */
export interface Forge {
  readonly name: 'gh' | 'glab'
  isInstalled(): Promise<boolean>
  findOpenRequest(branches: RequestBranches): Promise<ForgeRequest | undefined>
  /** Requests that were merged, newest first: those from a branch of this short name, or with null the last hundred of all. */
  listMergedRequests(head: string | null): Promise<MergedRequest[]>
  /** Opens a request, or gives the one that was opened meanwhile. */
  createRequest(request: NewRequest): Promise<ForgeRequest>
  readRequest(number: number): Promise<RequestDetails>
  /** Changes what is given; labels and reviewers are added to those there are. */
  changeRequest(number: number, change: RequestChange): Promise<void>
  readIssue(number: number): Promise<ForgeIssue>
}

export interface ForgeContext {
  /** Directory to run the client in: a worktree of the repository. */
  readonly cwd: string
  /** Environment of the client: the runner's `environment`. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Milliseconds the forge has to answer; default two minutes. */
  readonly limitMs?: number
  /** Where the request is opened. */
  readonly repository: RemoteRepository
  /** Where the branch was pushed, when that is a fork. */
  readonly headRepository?: RemoteRepository | undefined
}
