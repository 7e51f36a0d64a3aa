import { join } from 'node:path'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { type Check, fail, ok, type Repair, type Verdict } from '../check.ts'
import type { Facts } from '../facts.ts'
import { hasOurs, type InstalledHook } from '../hooks/inspect-hooks.ts'
import { switchHuskyOn } from '../hooks/switch-husky-on.ts'
import { findSetting, readSettings } from '../settings.ts'

/** Other tools point git at hooks of their own, for the repository or for one worktree; ours then never run, and nobody says so. */
export const hooksPath: Check = {
  id: 'hooks-path',
  group: 'hooks',
  async run(facts) {
    const [hooks, home] = await Promise.all([facts.hooks(), facts.hooksHome()])
    const roots = [...new Set(hooks.map(({ root }) => root))]
    const hijacked: Verdict[] = []
    const seen = new Set<string>()
    for (const root of roots) {
      const here = hooks.filter((hook) => hook.root === root)
      if (home === undefined || here.some((hook) => isOursOrWouldBe(hook, home.value))) continue
      const verdict = await describe(facts, root, here, home)
      if (!seen.has(verdict.message)) hijacked.push(verdict)
      seen.add(verdict.message)
    }
    if (hijacked.length > 0) return hijacked
    const setting = findSetting(await facts.settings(), 'core.hookspath')
    if (setting === undefined) return ok(`core.hooksPath is not set: git takes hooks from ${join(facts.commonDir, 'hooks')}`)
    return ok(`core.hooksPath is ${setting.value} (${setting.scope} config)`)
  },
}

/** Ours, or merely missing in the place that has ours in other worktrees: that is no other tool's doing. */
function isOursOrWouldBe(hook: InstalledHook, home: string | null): boolean {
  return hasOurs(hook) || (home !== null && hook.directory === join(hook.root, home))
}

async function describe(
  facts: Facts,
  root: string,
  here: readonly InstalledHook[],
  home: { value: string | null },
): Promise<Verdict> {
  const directory = here[0]?.directory ?? ''
  const set = await findWhereSet(facts, root)
  const ours = home.value ?? join(facts.commonDir, 'hooks')
  if (set === undefined) {
    const message = `git takes hooks from ${directory}, and ours are in ${ours}`
    const main = await facts.main()
    if (main === null || home.value === null) return fail(message, 'flightrules init')
    return fail(message, 'flightrules hook install', switchHuskyOn(facts, main, null))
  }
  const place = set.worktree ? `only ${root} (${set.file})` : `${set.scope} config`
  const message = `core.hooksPath is ${set.value} (${place}), where no hook of Flight Rules is: another tool set it; ours are in ${ours}`
  if (set.file === undefined) return fail(message, `git config --${set.scope} --unset core.hooksPath`)
  const value = set.worktree ? null : home.value
  const repair = pointBack(facts, set.file, set.value, value)
  return fail(message, commandFor(set.file, value), repair)
}

interface WhereSet {
  readonly value: string
  readonly scope: string
  readonly worktree: boolean
  /** undefined where it is a person's own config, which is not ours to change. */
  readonly file: string | undefined
}

async function findWhereSet(facts: Facts, root: string): Promise<WhereSet | undefined> {
  const setting = findSetting(await readSettings(facts.git.at(root)), 'core.hookspath')
  if (setting === undefined) return undefined
  const { value, scope } = setting
  const linked = (await facts.linked()).find(({ worktree }) => worktree.path === root)
  if (scope === 'worktree')
    return { value, scope, worktree: true, file: join(linked?.gitDir ?? facts.commonDir, 'config.worktree') }
  return { value, scope, worktree: false, file: scope === 'local' ? join(facts.commonDir, 'config') : undefined }
}

function commandFor(file: string, value: string | null): string {
  const change = value === null ? '--unset core.hooksPath' : `core.hooksPath ${quoteForShell(value)}`
  return `git config --file ${quoteForShell(file)} ${change}`
}

function pointBack({ git, commonDir }: Facts, file: string, from: string, to: string | null): Repair {
  const undo = commandFor(file, from)
  return {
    step: { kind: 'set-config', file, key: 'core.hooksPath', from, to, undo },
    async apply() {
      const runner = git.at(commonDir)
      const now = findSetting(await readSettings(runner, file), 'core.hookspath')?.value
      if (now !== from) return `core.hooksPath in ${file} is ${now ?? 'not set'} by now; it was left alone`
      await runner.run(['config', '--file', file, ...(to === null ? ['--unset', 'core.hooksPath'] : ['core.hooksPath', to])])
      return `core.hooksPath in ${file} was ${from}, is ${to ?? 'not set any more'}`
    },
  }
}
