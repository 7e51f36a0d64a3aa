import { findHook, runHook } from '../../git/run-hook.ts'
import { copyNotes } from '../../git/copy-notes.ts'
import type { Rewritten } from '../../integrate/replay.ts'
import type { Context } from '../context.ts'
import type { SyncFacts } from './sync-facts.ts'

/**
 * Runs the hooks that git runs after a rebase or a merge, where projects install what has changed. What they answer changes nothing. Before
 * that notes go with their commits, as git takes them along.
 */
export async function announceSync(
  { git, report }: Context,
  { method, path, head, to }: SyncFacts,
  rewritten: readonly Rewritten[],
): Promise<void> {
  const onOutput = (chunk: string): void => report({ event: 'git-output', chunk })
  const run = async (name: string, args: readonly string[], input?: string): Promise<void> => {
    const hook = await findHook(git, path, name)
    if (hook !== undefined)
      await runHook(git, { hook, args, cwd: path, env: {}, onOutput, ...(input === undefined ? {} : { input }) })
  }
  if (method === 'merge') return run('post-merge', ['0'])
  await run('post-checkout', [head, to, '1'])
  await copyNotes(git.at(path), rewritten)
  if (rewritten.length > 0)
    await run('post-rewrite', ['rebase'], rewritten.map(({ from, to: now }) => `${from} ${now}\n`).join(''))
}
