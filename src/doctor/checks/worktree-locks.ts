import { quoteForShell } from '../../files/quote-for-shell.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { lockReason } from '../../sessions/lock-reason.ts'
import { isLockedPlace } from '../../sessions/locked-place.ts'
import { type Check, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

/** git's own lock keeps everybody's `git worktree remove --force` and prune away from a session. */
export const worktreeLocks: Check = {
  id: 'worktree-locks',
  group: 'sessions',
  async run(facts) {
    const [linked, { context }] = await Promise.all([facts.linked(), facts.opened()])
    const look = async ({ worktree, record }: (typeof linked)[number]): Promise<Verdict[]> => {
      if (record.state !== 'valid' || worktree.locked !== null || !(await isLockedPlace(context, worktree.path))) return []
      const { id } = record.session
      const command = `git worktree lock --reason ${quoteForShell(lockReason(id))} ${quoteForShell(worktree.path)}`
      const message = `session ${id} is not locked: a forced git worktree remove would take it with everything in it`
      return [warn(message, command, lock(facts, id, worktree.path))]
    }
    const found = (await Promise.all(linked.map(look))).flat()
    return found.length > 0 ? found : ok('sessions are locked against git worktree remove and prune')
  },
}

function lock({ git, commonDir }: Facts, id: string, path: string): Repair {
  const runner = git.at(commonDir)
  return {
    step: { kind: 'lock-worktree', path, undo: `git worktree unlock ${quoteForShell(path)}` },
    async apply() {
      const now = (await listWorktrees(runner)).find((worktree) => worktree.path === path)
      if (now?.locked !== null) return `${path} is locked by now, or gone`
      await runner.run(['worktree', 'lock', '--reason', lockReason(id), '--', path])
      return `${path} was not locked, is`
    },
  }
}
