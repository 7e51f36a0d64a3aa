/** One hook as the agent's settings hold it: what it is for, and what is started. */
export interface HookGroup {
  readonly matcher?: string
  readonly hooks: readonly { readonly type: 'command'; readonly command: string; readonly timeout: number }[]
}

/** What our commands begin with; by it they are known again. */
const mark = ': flightrules; '

/** Event of the agent, event of ours, seconds it may take, and tools it is about. */
const wanted: readonly (readonly [event: string, ours: string, timeout: number, matcher?: string])[] = [
  ['SessionStart', 'session-start', 10],
  ['PreToolUse', 'pre-tool-use', 10, 'Edit|Write|MultiEdit|NotebookEdit|Bash|PowerShell'],
  ['WorktreeCreate', 'worktree-create', 1_800],
  ['WorktreeRemove', 'worktree-remove', 300],
  ['Stop', 'stop', 10],
  ['SubagentStop', 'subagent-stop', 10],
  ['SessionEnd', 'session-end', 5],
]

/**
 * The hooks of ours, by event.
 * @param packageFolder folder of the package that depends on this one, from the root, with slashes; '' for the root.
 */
export function listHookGroups(packageFolder = ''): ReadonlyMap<string, HookGroup> {
  return new Map(
    wanted.map(([event, ours, timeout, matcher]): [string, HookGroup] => {
      const hook = { type: 'command' as const, command: composeCommand(ours, packageFolder), timeout }
      return [event, matcher === undefined ? { hooks: [hook] } : { matcher, hooks: [hook] }]
    }),
  )
}

export function isOwnHook(hook: unknown): boolean {
  return typeof hook === 'object' && hook !== null && String((hook as { command?: unknown }).command).startsWith(mark)
}

/**
 * For every worktree and every teammate: the program is the one the main worktree has, that on PATH, or the one noted by `init`. Never one in the
 * current directory, which may be anybody's branch. Where there is none the agent goes on without a word; only a worktree has to be made by somebody.
 */
function composeCommand(event: string, packageFolder: string): string {
  const folder = packageFolder === '' ? '' : `/${packageFolder}`
  const missing =
    event === 'worktree-create'
      ? 'echo "flightrules is not installed here, so no worktree was made: npm install brings it" >&2; exit 1'
      : 'exit 0'
  return [
    `${mark}c=$(git rev-parse --path-format=absolute --git-common-dir 2>/dev/null) || c=`,
    `if command -v node >/dev/null 2>&1; then p=$c/..${folder}/node_modules/.bin/flightrules`,
    `[ -n "$c" ] && [ -x "$p" ] && exec "$p" agent ${event}`,
    `command -v flightrules >/dev/null 2>&1 && exec flightrules agent ${event}`,
    `fi`,
    `b=$c/flightrules/bin`,
    `[ -f "$b" ] && { read -r n && { read -r s || [ -n "$s" ]; }; } <"$b" && [ -x "$n" ] && [ -f "$s" ] && exec "$n" "$s" agent ${event}`,
    missing,
  ].join('; ')
}
