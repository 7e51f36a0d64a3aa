export interface SessionFacts {
  readonly project: string
  readonly session: string
  /** '' on a detached HEAD. */
  readonly branch: string
  readonly base: string
  /** Absolute path of the main worktree. */
  readonly main: string
  /** Absolute path of the session's worktree. */
  readonly worktree: string
}

/** What `{…}` stands for in the config's templates, before ports and variables are added. */
export function sessionVariables(facts: SessionFacts): Record<string, string> {
  const { project, session, branch, base, main, worktree } = facts
  return { project, session, session_snake: toSnakeCase(session), branch, base, main, worktree }
}

/** For names that allow letters, digits and underscores only, as those of databases. */
function toSnakeCase(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]+/g, '_')
}
