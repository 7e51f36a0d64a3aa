import type { Git } from './git.ts'

/** Takes files away that a checkout of a part of the files is not to have, where they have no changes. */
export async function reapplySparse(git: Git, worktree: string): Promise<void> {
  const at = { cwd: worktree }
  const args = ['config', '--type=bool', '--get', 'core.sparseCheckout']
  const { stdout } = await git.run(args, { ...at, accept: [0, 1] })
  if (stdout.trim() !== 'true') return
  // whatever it does not like stays where it is, and git says so at the next chance
  await git.run(['-c', 'core.hooksPath=/dev/null', 'sparse-checkout', 'reapply'], { ...at, accept: [0, 1, 128] })
}
