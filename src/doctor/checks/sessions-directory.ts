import { lstat, stat } from 'node:fs/promises'
import { relative } from 'node:path'
import { excludeFromStatus, findExcludePattern } from '../../git/exclude.ts'
import { findIgnoredPaths } from '../../git/ignore.ts'
import { isWithin } from '../../sessions/find-session.ts'
import { type Check, fail, ok, type Repair, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

export const sessionsDirectory: Check = {
  id: 'sessions-directory',
  group: 'sessions',
  async run(facts) {
    const { context } = await facts.opened()
    const { sessionsDir, main, bare } = context
    const stats = await lstat(sessionsDir).catch(() => undefined)
    if (stats !== undefined && !stats.isDirectory())
      return fail(`${sessionsDir} is no folder, so no session can be made`, `mv ${sessionsDir} elsewhere`)
    if (!bare && isWithin(main, sessionsDir) && sessionsDir !== main) {
      const folder = relative(main, sessionsDir).replaceAll('\\', '/')
      if ((await findIgnoredPaths(facts.git.at(main), [`${folder}/x`])).size === 0) {
        const pattern = findExcludePattern(folder)
        const message = `${sessionsDir} is in the main worktree and not ignored: git add would take the sessions`
        if (pattern === undefined) return warn(message, 'give sessionsDir a folder beside the main worktree')
        return warn(message, `echo '${pattern}/' >> ${facts.commonDir}/info/exclude`, exclude(facts, `${pattern}/`))
      }
    }
    if (stats === undefined) return ok(`${sessionsDir} (made with the first session)`)
    const { dev } = await stat(facts.commonDir)
    const aside = dev === stats.dev ? '' : ', on another disk than the repository; the trash is there as well'
    return ok(`${sessionsDir}${aside}`)
  },
}

function exclude({ commonDir }: Facts, pattern: string): Repair {
  const file = `${commonDir}/info/exclude`
  return {
    step: { kind: 'exclude', file, pattern, undo: `take the line ${pattern} out of ${file}` },
    async apply() {
      const changed = await excludeFromStatus({ commonDir, patterns: [pattern] })
      return changed ? `${pattern} was added to ${file}` : `${pattern} is in ${file} by now`
    },
  }
}
