import { join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { installHooksHere } from '../../githooks/install/install-hooks-here.ts'
import type { Repair } from '../check.ts'
import type { Facts } from '../facts.ts'

/** husky's own installer in the main worktree, as an install of packages runs it: a clone has husky's scripts, but not what it generates. */
export function switchHuskyOn({ git, input, commonDir }: Facts, main: string, before: string | null): Repair {
  const change = before === null ? '--unset core.hooksPath' : `core.hooksPath ${quoteForShell(before)}`
  const undo = `git config --file ${quoteForShell(join(commonDir, 'config'))} ${change}`
  return {
    step: { kind: 'switch-husky-on', main, from: before, undo },
    async apply() {
      const here = await installHooksHere({ git: git.at(main), node: input.node.path, packageRoot: input.packageRoot })
      if (here.outcome === 'skipped') throw new Error(here.why)
      if (here.outcome === 'present') return `the hooks of ${here.husky} were on by now`
      return `core.hooksPath was ${before ?? 'not set'}; husky made ${here.husky}/_ in ${main}, and git runs its hooks`
    },
  }
}
