import { join } from 'node:path'
import { type Check, fail, ok } from '../check.ts'

/** Everything else needs git to work here at all. */
export const repository: Check = {
  id: 'repository',
  group: 'repository',
  async run(facts) {
    const { git, commonDir } = facts
    const { status, stderr } = await git.run(['rev-parse', '--git-dir'], { accept: [0, 128] })
    if (status !== 0)
      return fail(
        `git does not work in ${git.cwd}: ${stderr.trim().replace(/\s+/g, ' ')}`,
        `mend what it names; the repository's own config is ${join(commonDir, 'config')}`,
      )
    const [main, roots] = await Promise.all([facts.main(), facts.roots()])
    const linked = roots.length - (main === null ? 0 : 1)
    return ok(`${main ?? `${commonDir} (bare)`}, ${linked === 1 ? '1 linked worktree' : `${linked} linked worktrees`}`)
  },
}
