import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { findMoved } from '../../sessions/find-moved.ts'
import { type Check, fail, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts, LinkedWorktree } from '../facts.ts'

/** Sessions whose folder is gone, was moved, or is another's by now. */
export const worktrees: Check = {
  id: 'worktrees',
  group: 'sessions',
  async run(facts) {
    const linked = await facts.linked()
    const verdicts = await Promise.all(linked.map((entry) => judge(facts, entry)))
    const found = verdicts.flatMap((verdict) => verdict ?? [])
    return found.length > 0 ? found : ok('every worktree is where git says')
  },
}

async function judge(facts: Facts, entry: LinkedWorktree): Promise<Verdict | undefined> {
  const { worktree, gitDir, record } = entry
  const who = record.state === 'valid' ? `session ${record.session.id}` : worktree.path
  if (worktree.prunable === null) {
    if (worktree.locked === 'initializing' || (await readGitEntry(join(worktree.path, '.git'))) === gitDir) return undefined
    return fail(
      `the .git of ${worktree.path} does not name the git directory of ${who}: the repository was moved, or something else stands there`,
      `git worktree repair ${quoteForShell(worktree.path)}    if its files are those of ${who}`,
    )
  }
  const [found, second] = await findMoved((await facts.opened()).context, entry)
  if (found !== undefined && second !== undefined) {
    return fail(
      `${who} is gone from ${worktree.path}, and there are copies of it: ${found}, ${second}`,
      'git worktree repair <the one that counts>',
    )
  }
  if (found !== undefined) {
    const command = `git worktree repair ${quoteForShell(found)}`
    return fail(
      `${who} was moved from ${worktree.path} to ${found}, and git does not know`,
      command,
      repairWorktree(facts, entry, found),
    )
  }
  const message = `the folder of ${who} is gone: ${worktree.path}`
  if (!(await isFolder(dirname(worktree.path)))) {
    return warn(`${message}; so is the folder around it: its disk may not be mounted`, 'mount it, then: flightrules status')
  }
  const drop = record.state === 'valid' ? `; if you deleted it: flightrules cleanup --id ${record.session.id}` : ''
  return warn(message, `if you moved it: git worktree repair <where it is now>${drop}`)
}

function repairWorktree({ git, commonDir }: Facts, { worktree, gitDir }: LinkedWorktree, to: string): Repair {
  const from = worktree.path
  const undo = `echo ${quoteForShell(join(from, '.git'))} > ${quoteForShell(join(gitDir, 'gitdir'))}`
  return {
    step: { kind: 'repair-worktree', from, to, undo },
    async apply() {
      await git.at(commonDir).run(['worktree', 'repair', to])
      return `git looked for the worktree in ${from}, knows now that it is ${to}`
    },
  }
}

async function isFolder(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  )
}
