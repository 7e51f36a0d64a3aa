import { access, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { formatDuration } from '../../ui/duration.ts'
import { type Check, fail, ok, type Verdict, warn } from '../check.ts'

/** Milliseconds `git worktree add` may take for its own files; its checkout comes after them but under the same mark. */
const usual = 60_000

/** What a killed `git worktree add` leaves behind: neither git's prune nor its remove takes it away, and it can make every fetch fail. */
export const halfMadeWorktrees: Check = {
  id: 'half-made-worktrees',
  group: 'repository',
  async run(facts) {
    const parent = join(facts.commonDir, 'worktrees')
    const names = await readdir(parent).catch(() => [])
    const verdicts = await Promise.all(
      names.map((name) => judge(join(parent, name), join(facts.commonDir, 'flightrules', `half-made-${name}`), facts.now())),
    )
    const found = verdicts.flatMap((verdict) => verdict ?? [])
    return found.length > 0 ? found : ok('no worktree was left half made')
  },
}

async function judge(adminDir: string, aside: string, now: Date): Promise<Verdict | undefined> {
  const needed = ['HEAD', 'commondir', 'gitdir']
  const missing = (await Promise.all(needed.map(async (name) => ((await isThere(join(adminDir, name))) ? [] : [name])))).flat()
  const mark = await readFile(join(adminDir, 'locked'), 'utf8').catch(() => '')
  const isUnfinished = mark.trim() === 'initializing'
  if (missing.length === 0 && !isUnfinished) return undefined
  const age = now.getTime() - ((await stat(adminDir).catch(() => undefined))?.mtimeMs ?? now.getTime())
  if (age < usual) return undefined
  const remedy = `once no git worktree add is under way: mv ${quoteForShell(adminDir)} ${quoteForShell(aside)}`
  const since = `${adminDir} is ${formatDuration(age)} old`
  if (missing.length > 0)
    return fail(`${since} and has no ${missing.join(', no ')}: git fetch and git worktree list may fail for everyone`, remedy)
  return warn(`${since} and still marked as being made, so a git worktree add was killed or works on`, remedy)
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
