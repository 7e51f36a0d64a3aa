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
    const verdicts = await Promise.all(here.filter(({ state }) => state === 'not-executable').map(describeMode))
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

async function describeMode({ file }: InstalledHook): Promise<Verdict> {
  const mode = (await lstat(file)).mode & 0o777
  return fail(`${file} is not executable, so git does not run it`, `chmod +x ${quoteForShell(file)}`, makeExecutable(file, mode))
}

function makeExecutable(file: string, before: number): Repair {
  // whoever may read it may run it, its owner in any case
  const after = before | 0o500 | ((before & 0o444) >> 2)
  const step = {
    kind: 'make-executable',
    file,
    from: octal(before),
    to: octal(after),
    undo: `chmod ${octal(before)} ${quoteForShell(file)}`,
  }
  return {
    step,
    async apply() {
      const stats = await lstat(file)
      if (!stats.isFile() || (stats.mode & 0o777) !== before) return `${file} is another by now; it was left alone`
      await chmod(file, after)
      return `the mode of ${file} was ${octal(before)}, is ${octal(after)}`
    },
  }
}

function octal(mode: number): string {
  return mode.toString(8).padStart(3, '0')
}
