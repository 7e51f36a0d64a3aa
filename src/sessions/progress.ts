/** What the engine tells while it works; views make words of it. */
export type Progress =
  | { readonly event: 'creating-worktree'; readonly id: string; readonly path: string }
  | { readonly event: 'cloning-dependencies'; readonly paths: readonly string[] }
  | { readonly event: 'running-command'; readonly command: string }
  | { readonly event: 'command-output'; readonly chunk: string }
  | { readonly event: 'git-output'; readonly chunk: string }
  | { readonly event: 'pushing'; readonly branch: string; readonly remote: string }
  | { readonly event: 'opening-request'; readonly forge: string }
  | { readonly event: 'integrating'; readonly branch: string; readonly into: string; readonly method: string }
  | { readonly event: 'removing-worktree'; readonly id: string; readonly path: string }
  | { readonly event: 'restoring-worktree'; readonly id: string; readonly path: string }
  | { readonly event: 'purging'; readonly trash: string }
  | { readonly event: 'fetching'; readonly base: string }
  | { readonly event: 'syncing'; readonly id: string; readonly onto: string; readonly method: string }
