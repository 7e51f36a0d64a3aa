import { access, constants } from 'node:fs/promises'
import { join } from 'node:path'
import type { Git } from './git.ts'

/**
 * git's own way of starting a program, with what it sets for one; then as `git worktree add` calls its hook: in the new worktree, tied to
 * no repository, its output among the messages.
 */
const script =
  '!f() { cd -- "$1" || exit 1; hook=$2; shift 2; unset GIT_DIR GIT_WORK_TREE GIT_CONFIG_PARAMETERS; exec "$hook" "$@" >&2; }; f'

/**
 * Runs the post-checkout hook of a worktree that was just made.
 * @returns its exit status; 0 where there is none.
 */
export async function runPostCheckout(
  git: Git,
  input: { readonly hooks: string; readonly path: string; readonly head: string; readonly onStderr?: (text: string) => void },
): Promise<number> {
  const hook = join(input.hooks, 'post-checkout')
  const runs = await access(hook, constants.X_OK).then(
    () => true,
    () => false,
  )
  if (!runs) return 0
  const args = [input.path, hook, input.head.replace(/./g, '0'), input.head, '1']
  const every = Array.from({ length: 256 }, (_, status) => status)
  const onStderr = input.onStderr === undefined ? {} : { onStderr: input.onStderr }
  const { status } = await git.run(['-c', `alias.run-post-checkout=${script}`, 'run-post-checkout', ...args], {
    accept: every,
    ...onStderr,
  })
  return status
}
