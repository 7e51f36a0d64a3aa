import { quoteForShell } from '../../files/quote-for-shell.ts'
import { listLockFiles } from '../../git/lock-files.ts'
import { findLockHolder } from '../../sessions/cleanup/lock-holder.ts'
import { formatDuration } from '../../ui/duration.ts'
import { type Check, ok, type Verdict, warn } from '../check.ts'

/** Milliseconds git needs at most to write one of these files; the index of a huge repository takes the longest. */
const usual = 10_000

/** git's own lock files: one that a killed git left behind makes every later command fail. Never removed from here. */
export const gitLocks: Check = {
  id: 'git-locks',
  group: 'repository',
  alone: true,
  async run(facts) {
    const now = facts.now().getTime()
    const locks = (await listLockFiles(facts.commonDir)).filter(({ since }) => now - since > usual)
    if (locks.length === 0) return ok("none of git's lock files was left behind")
    const roots = [facts.commonDir, ...(await facts.roots())]
    return Promise.all(
      locks.map(async (lock) => describe(lock.path, formatDuration(now - lock.since), await findLockHolder(lock, roots))),
    )
  },
}

function describe(path: string, age: string, holder: string | null): Verdict {
  const remove = `rm ${quoteForShell(path)}`
  if (holder !== null) return warn(`${path} is ${age} old; ${holder}`, `once no git works here: ${remove}`)
  return warn(
    `${path} is ${age} old, and no git works in this repository: a killed one left it, and git refuses to write until it is gone`,
    remove,
  )
}
