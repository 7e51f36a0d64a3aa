import { dirname, join, resolve } from 'node:path'
import { type Check, fail, ok, type Repair, warn } from '../check.ts'
import type { Facts } from '../facts.ts'
import { findFlag, findSetting, readSettings } from '../settings.ts'

/** A hook that ran `git init` elsewhere with GIT_DIR still in its environment changes these two in the config all worktrees share. */
export const coreBare: Check = {
  id: 'core-bare',
  group: 'repository',
  async run(facts) {
    const { commonDir } = facts
    const settings = await facts.settings()
    const isBare = findFlag(settings, 'core.bare') === true
    if (!(await facts.hasMainFiles())) return ok(isBare ? 'a bare repository' : 'a repository with files')
    const main = dirname(commonDir)
    if (isBare) {
      const scope = findSetting(settings, 'core.bare')?.scope
      const message = `core.bare is true (${scope} config), yet ${main} is a worktree with an index: git refuses to work there. A hook that ran git init with a leaked GIT_DIR does this`
      if (scope !== 'local') return fail(message, `git config --${scope} --unset core.bare`)
      return fail(message, `git config --file ${join(commonDir, 'config')} core.bare false`, setBareBack(facts))
    }
    const worktree = findSetting(settings, 'core.worktree')?.value
    if (worktree !== undefined && resolve(commonDir, worktree) !== main) {
      const why = `core.worktree is ${worktree}, so git takes the files there for those of ${main}`
      return warn(why, `git config --file ${join(commonDir, 'config')} --unset core.worktree`)
    }
    return ok(`${main} is a repository with files, and its config says so`)
  },
}

function setBareBack({ git, commonDir }: Facts): Repair {
  const file = join(commonDir, 'config')
  const undo = `git config --file ${file} core.bare true`
  return {
    step: { kind: 'set-config', file, key: 'core.bare', from: 'true', to: 'false', undo },
    async apply() {
      // the config is read with the file named: git itself gives up on the worktree
      if (findFlag(await readSettings(git.at(commonDir), file), 'core.bare') !== true) return 'core.bare was not true any more'
      await git.at(commonDir).run(['config', '--file', file, 'core.bare', 'false'])
      return `core.bare in ${file} was true, is false`
    },
  }
}
