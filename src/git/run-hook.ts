import { access, constants } from 'node:fs/promises'
import type { Git } from './git.ts'

/** git's own way of starting a program, which also starts scripts on Windows; what our call of git had set for itself is not the hook's. */
const script =
  '!f() { cd -- "$1" || exit 1; hook=$2; shift 2; unset GIT_CONFIG_PARAMETERS GIT_PREFIX; exec "$hook" "$@" >&2; }; f'

const everyStatus = Array.from({ length: 256 }, (_, status) => status)

/** Absolute path of the hook git would run in this worktree, undefined when it would run none. */
export async function findHook(git: Git, worktree: string, name: string): Promise<string | undefined> {
  const args = ['rev-parse', '--path-format=absolute', '--git-path', `hooks/${name}`]
  const hook = await git.readLine(args, { cwd: worktree })
  return access(hook, constants.X_OK).then(
    () => hook,
    () => undefined,
  )
}

export interface HookCall {
  /** Absolute. */
  readonly hook: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** What it reads. Default: nothing. */
  readonly input?: string
  readonly onOutput?: ((chunk: string) => void) | undefined
}

/** Runs a hook as git does: no editor, its output among the messages. Gives its exit status and what it said. */
export async function runHook(git: Git, call: HookCall): Promise<{ status: number; output: string }> {
  const { status, stderr } = await git.run(['-c', `alias.run-hook=${script}`, 'run-hook', call.cwd, call.hook, ...call.args], {
    cwd: call.cwd,
    env: { GIT_EDITOR: ':', ...call.env },
    accept: everyStatus,
    ...(call.input === undefined ? {} : { input: call.input }),
    ...(call.onOutput === undefined ? {} : { onStderr: call.onOutput }),
  })
  return { status, output: stderr }
}
