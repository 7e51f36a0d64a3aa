/** What a code with choices is about, so that the agent can explain what it asks. The choices themselves come with the answer. */
export interface Decision {
  readonly code: string
  readonly about: string
}

export const startDecisions: readonly Decision[] = [
  { code: 'DIRTY_MAIN', about: 'the main directory has uncommitted changes, which the session would not have' },
  { code: 'OPERATION_IN_PROGRESS', about: 'the main directory is in the middle of a merge, rebase or the like' },
  { code: 'NESTED_SESSION', about: 'you are in a session already; a new one is started from the main directory' },
  { code: 'SESSION_EXISTS', about: 'the name is taken: agree another, or go on in the one that is there' },
  { code: 'BRANCH_EXISTS', about: 'there is a branch of that name already' },
  { code: 'PATH_EXISTS', about: 'something lies where the worktree would go: agree another name' },
  { code: 'STANDARD_EXISTS', about: 'the main directory has a session already' },
  { code: 'NAME_NEEDED', about: 'no name can be made from the goal: ask for one' },
  { code: 'MODE_NEEDED', about: 'parallel or standard was not said' },
  { code: 'CONFIG_NOT_TRUSTED', about: 'nobody approved the config as it is, so its commands do not run' },
  { code: 'ISSUE_UNREAD', about: 'the issue could not be read on the forge' },
  { code: 'ISSUE_WITHOUT_TITLE', about: 'the issue has no title to make a goal from' },
  { code: 'FORGE_CLI_MISSING', about: 'gh or glab, which asks the forge, is not installed' },
  { code: 'FORGE_UNKNOWN', about: 'the remote is on no forge, as far as its address tells' },
  { code: 'FORGE_LOGIN', about: 'gh or glab is not logged in' },
  { code: 'FORGE_FAILED', about: 'the forge did not answer, or refused' },
]

export const endDecisions: readonly Decision[] = [
  { code: 'UNCOMMITTED', about: 'files are not committed yet' },
  { code: 'UNMERGED_PATHS', about: 'files are in conflict and have to be settled first' },
  { code: 'OPERATION_IN_PROGRESS', about: 'git is in the middle of a rebase, merge or the like in the session' },
  { code: 'MERGE_CONFLICTS', about: 'the work conflicts with its base; nothing was touched' },
  { code: 'BASE_MOVED', about: 'the base has new commits, and the request would conflict' },
  { code: 'BASE_BEHIND_UPSTREAM', about: 'the base here is behind the branch it follows' },
  { code: 'BASE_REWRITTEN', about: 'the base was rewritten, and commits it dropped would come back' },
  { code: 'BASE_DIRTY', about: 'whoever has the base checked out has changes of their own in files the merge changes' },
  { code: 'BASE_BUSY', about: 'the worktree with the base is in the middle of something, or out of reach' },
  { code: 'BASE_GONE', about: 'the base branch is not there any more' },
  { code: 'NOT_FAST_FORWARD', about: 'ff-only was wanted, and the base has moved' },
  { code: 'REBASE_HAS_MERGES', about: 'a rebase was wanted, and the work contains merges' },
  { code: 'NOTHING_TO_MERGE', about: 'there is nothing the base does not have' },
  { code: 'DETACHED_HEAD', about: 'the session is on no branch' },
  { code: 'WORKTREE_INSIDE', about: 'another worktree lies in this one' },
  { code: 'WORKTREE_IN_USE', about: 'a program is at work in the worktree, which may be you' },
  { code: 'NO_REMOTE', about: 'there is no remote to push to' },
  { code: 'PUSH_DENIED', about: 'the remote does not let this account push' },
  { code: 'FORGE_CLI_MISSING', about: 'gh or glab, which opens the request, is not installed' },
  { code: 'FORGE_UNKNOWN', about: 'the remote is on no forge, as far as its address tells' },
  { code: 'FORKS_APART', about: 'the branch would go to another host than the base is on' },
  { code: 'SESSION_MISSING', about: "the session's folder is gone" },
]

export function renderDecisions(decisions: readonly Decision[]): string {
  return ['| `error.code` | is about |', '|---|---|', ...decisions.map(({ code, about }) => `| \`${code}\` | ${about} |`)].join(
    '\n',
  )
}
