import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { findProcessesIn } from '../../sessions/live-processes.ts'
import { formatDuration } from '../../ui/duration.ts'
import { type Check, ok, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Milliseconds git needs at most to write one of these files; the index of a huge repository takes the longest. */
const usual = 10_000

interface FoundLock {
  readonly path: string
  readonly age: number
}

/** git's own lock files: one that a killed git left behind makes every later command fail. Never removed from here. */
export const gitLocks: Check = {
  id: 'git-locks',
  group: 'repository',
  async run(facts) {
    const locks = await findLocks(facts)
    if (locks.length === 0) return ok("none of git's lock files was left behind")
    const processes = await findProcessesIn([...(await facts.roots()), facts.commonDir], 'quick')
    const running = processes === 'unknown' ? undefined : processes.filter(({ name }) => /^git\b/.test(name))
    return locks.map((lock) => describe(lock, running))
  },
}

function describe({ path, age }: FoundLock, running: readonly { pid: number }[] | undefined): Verdict {
  const message = `${path} is ${formatDuration(age)} old`
  const remove = `rm ${quoteForShell(path)}`
  if (running === undefined)
    return warn(`${message}; whether the git that made it still works cannot be seen here`, `once no git works here: ${remove}`)
  if (running.length === 0)
    return warn(
      `${message}, and no git works in this repository any more: a killed one left it, and git refuses to write until it is gone`,
      remove,
    )
  return warn(
    `${message}; git works here now (process ${running.map(({ pid }) => pid).join(', ')})`,
    `once that has ended: ${remove}`,
  )
}

async function findLocks(facts: Facts): Promise<FoundLock[]> {
  const { commonDir } = facts
  const worktrees = (await readdir(join(commonDir, 'worktrees')).catch(() => [])).map((name) =>
    join(commonDir, 'worktrees', name),
  )
  const shallow = [commonDir, ...worktrees].map((directory) => listLocks(directory, false))
  const deep = [join(commonDir, 'refs'), ...worktrees.map((directory) => join(directory, 'refs'))].map((directory) =>
    listLocks(directory, true),
  )
  const paths = (await Promise.all([...shallow, ...deep])).flat()
  const found = await Promise.all(
    paths.map(async (path): Promise<FoundLock[]> => {
      const stats = await stat(path).catch(() => undefined)
      return stats === undefined ? [] : [{ path, age: facts.now().getTime() - stats.mtimeMs }]
    }),
  )
  return found.flat().filter(({ age }) => age > usual)
}

async function listLocks(directory: string, below: boolean): Promise<string[]> {
  const entries = await readdir(directory, { recursive: below, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name))
}
