import { chmod, lstat } from 'node:fs/promises'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { type Check, fail, ok, type Repair, type Verdict, warn } from '../check.ts'
import { hasOurs, type InstalledHook } from '../hooks/inspect-hooks.ts'

/** The hook files git finds from the main worktree, where `init` puts ours. */
export const hooksInstalled: Check = {
  id: 'hooks-installed',
  group: 'hooks',
  async run(facts) {
    const all = await facts.hooks()
    const here = all.filter(({ root }) => root === all[0]?.root)
    const verdicts = here.filter(({ state }) => state === 'not-executable').map(describeMode)
    const present = here.filter(hasOurs)
    if (present.length === 0 && verdicts.length === 0) {
      const home = await facts.hooksHome()
      if (home !== undefined) return warn('our hooks are in place, but not where git looks for hooks', 'flightrules doctor --fix')
      return warn(
        `git runs no hook of Flight Rules: there is none in ${here[0]?.directory ?? 'the hooks directory'}`,
        'flightrules init',
      )
    }
    const missing = here.filter((hook) => !hasOurs(hook) && hook.state !== 'not-executable')
    if (missing.length > 0) {
      const names = missing.map(({ name }) => name).join(', ')
      verdicts.push(fail(`${names} in ${here[0]?.directory ?? ''} has no part of Flight Rules`, 'flightrules init'))
    }
    const outdated = present.filter(({ isCurrent }) => !isCurrent)
    if (outdated.length > 0) {
      const files = outdated.map(({ source }) => source).join(', ')
      verdicts.push(warn(`our part is that of another version, or was edited, in ${files}`, 'flightrules init'))
    }
    return verdicts.length > 0
      ? verdicts
      : ok(`${here.map(({ name }) => name).join(', ')} are in place (${here[0]?.directory ?? ''})`)
  },
}

function describeMode(hook: InstalledHook): Verdict {
  const { file } = hook
  return fail(`${file} is not executable, so git does not run it`, `chmod +x ${quoteForShell(file)}`, makeExecutable(file))
}

function makeExecutable(file: string): Repair {
  return {
    step: { kind: 'make-executable', file, undo: `chmod -x ${quoteForShell(file)}` },
    async apply() {
      const stats = await lstat(file)
      if (!stats.isFile()) return `${file} is no regular file; it was left alone`
      const before = stats.mode & 0o777
      // whoever may read it may run it
      const after = before | ((before & 0o444) >> 2)
      await chmod(file, after)
      return `the mode of ${file} was ${before.toString(8)}, is ${after.toString(8)}`
    },
  }
}
