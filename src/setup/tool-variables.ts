import type { ToolName } from '../config/types.ts'

export interface ToolFacts {
  readonly name: string
  /** Absolute paths. */
  readonly worktree: string
  readonly main: string
  /** The branch the session goes back to. */
  readonly base: string
}

/**
 * What each tool calls a session's directories, name and base where it runs a project's scripts, as its documentation or source says.
 * Ports are not among these: they are declared under `ports` by the tool's name for them.
 */
const variablesOf: Readonly<Record<ToolName, (facts: ToolFacts) => Record<string, string>>> = {
  cursor: ({ main }) => ({ ROOT_WORKTREE_PATH: main }),
  conductor: ({ name, worktree, main, base }) => ({
    CONDUCTOR_WORKSPACE_NAME: name,
    CONDUCTOR_WORKSPACE_PATH: worktree,
    CONDUCTOR_ROOT_PATH: main,
    CONDUCTOR_DEFAULT_BRANCH: base,
    // what tells its workspaces in the cloud apart
    CONDUCTOR_IS_LOCAL: '1',
  }),
  codex: ({ worktree, main }) => ({ CODEX_SOURCE_TREE_PATH: main, CODEX_WORKTREE_PATH: worktree }),
  emdash: ({ name, worktree, main, base }) => ({
    EMDASH_TASK_ID: name,
    EMDASH_TASK_NAME: name,
    EMDASH_TASK_PATH: worktree,
    EMDASH_ROOT_PATH: main,
    EMDASH_DEFAULT_BRANCH: base,
  }),
  superset: ({ name, worktree, main }) => ({
    SUPERSET_WORKSPACE_NAME: name,
    SUPERSET_WORKSPACE_PATH: worktree,
    SUPERSET_ROOT_PATH: main,
  }),
}

/** A session's name and places by the names these tools have for them. */
export function toolVariables(tools: readonly ToolName[], facts: ToolFacts): Record<string, string> {
  return Object.assign({}, ...tools.map((tool) => variablesOf[tool](facts))) as Record<string, string>
}
