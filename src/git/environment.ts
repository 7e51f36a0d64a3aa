/**
 * The environment every git process of ours gets.
 *
 * A hook in a linked worktree inherits GIT_DIR, one of a commit also GIT_INDEX_FILE: with them `git -C elsewhere`
 * reads and writes the wrong repository. The list is that of `git rev-parse --local-env-vars`
 * plus what a surrounding command may have set for its own reflog entry.
 */
const repositoryVariables = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_REFLOG_ACTION',
  // not of that list, and yet each would make git read or write something else than was asked for
  'GIT_NAMESPACE',
  'GIT_QUARANTINE_PATH',
  'GIT_ATTR_SOURCE',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_EXTERNAL_DIFF',
  'GIT_DIFF_OPTS',
] as const

/** Environment variables, as `process.env` holds them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** `env` without everything that ties a child process to another repository. */
export function withoutRepositoryVariables(env: Environment): Record<string, string> {
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue
    if ((repositoryVariables as readonly string[]).includes(name)) continue
    if (/^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(name)) continue
    result[name] = value
  }
  return result
}

/** The environment of a git child: no optional locks (a status must not write the index), English messages, no prompts. */
export function gitEnvironment(env: Environment): Record<string, string> {
  return {
    ...withoutRepositoryVariables(env),
    GIT_OPTIONAL_LOCKS: '0',
    LANGUAGE: 'en',
    GIT_TERMINAL_PROMPT: '0',
  }
}
