import type { RemoteRepository } from '../remote-url.ts'

/** A pull request or merge request that is open. */
export interface ForgeRequest {
  readonly number: number
  readonly url: string
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

/** The command-line client of a forge. */
export interface Forge {
  readonly name: 'gh' | 'glab'
  isInstalled(): Promise<boolean>
  /** @throws FlightRulesError FORGE_CLI_MISSING, FORGE_LOGIN, FORGE_FAILED. */
  findOpenRequest(branches: RequestBranches): Promise<ForgeRequest | undefined>
  /** Opens a request, or gives the one that was opened meanwhile. Same errors. */
  createRequest(request: NewRequest): Promise<ForgeRequest>
}

export interface ForgeContext {
  /** Directory to run the client in: a worktree of the repository. */
  readonly cwd: string
  /** Environment of the client: the runner's `environment`. */
  readonly env: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** Where the request is opened. */
  readonly repository: RemoteRepository
  /** Where the branch was pushed, when that is a fork. */
  readonly headRepository?: RemoteRepository | undefined
}
