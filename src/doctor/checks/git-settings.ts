import { type Check, ok, type Verdict, warn } from '../check.ts'
import { findFlag, findSetting, type Settings } from '../settings.ts'

/** Settings that weaken what Flight Rules can know or that surprise people with many worktrees. */
const rules: readonly ((settings: Settings) => Verdict | undefined)[] = [judgeReflogs, judgePruneTime, judgeGuessing]

/** What our own calls set aside, said so that nobody wonders. */
const handled: readonly (readonly [key: string, isOdd: (settings: Settings, key: string) => boolean])[] = [
  ['core.fsmonitor', (settings, key) => findFlag(settings, key) !== false],
  ['status.showuntrackedfiles', (settings, key) => findSetting(settings, key)?.value === 'no'],
  ['core.filemode', (settings, key) => findFlag(settings, key) === false],
  ['core.symlinks', (settings, key) => findFlag(settings, key) === false],
]

export const gitSettings: Check = {
  id: 'git-settings',
  group: 'repository',
  async run(facts) {
    const settings = await facts.settings()
    const found = rules.flatMap((judge) => judge(settings) ?? [])
    if (found.length > 0) return found
    const odd = handled.flatMap(([key, isOdd]) => {
      const setting = findSetting(settings, key)
      return setting !== undefined && isOdd(settings, key) ? [`${key}=${setting.value}`] : []
    })
    return ok(odd.length === 0 ? "git's settings fit" : `git's settings fit; reckoned with: ${odd.join(', ')}`)
  },
}

function judgeReflogs(settings: Settings): Verdict | undefined {
  if (findFlag(settings, 'core.logallrefupdates') !== false) return undefined
  const scope = findSetting(settings, 'core.logallrefupdates')?.scope
  return warn(
    'core.logAllRefUpdates is false: without reflogs, work that was fast-forwarded into its base cannot be told from work that only follows it',
    `git config --${scope} --unset core.logAllRefUpdates`,
  )
}

/** Worktrees of Flight Rules are locked against it; the others are not. */
function judgePruneTime(settings: Settings): Verdict | undefined {
  const setting = findSetting(settings, 'gc.worktreepruneexpire')
  if (setting === undefined || !isShort(setting.value)) return undefined
  return warn(
    `gc.worktreePruneExpire is ${setting.value}: git gc soon forgets every unlocked worktree whose folder is away for a moment`,
    `git config --${setting.scope} --unset gc.worktreePruneExpire`,
  )
}

/** git's own forms of a time; below a week is short. */
function isShort(value: string): boolean {
  if (/^(?:now|all|0)$/i.test(value)) return true
  const [, count, unit] = /^(\d+)[. ](second|minute|hour|day)s?\b/i.exec(value) ?? []
  return count !== undefined && (unit?.toLowerCase() !== 'day' || Number(count) < 7)
}

function judgeGuessing(settings: Settings): Verdict | undefined {
  if (findFlag(settings, 'worktree.guessremote') !== true) return undefined
  const scope = findSetting(settings, 'worktree.guessremote')?.scope
  return warn(
    "worktree.guessRemote is true: git worktree add <path> takes a remote's branch of that name where there is one, not a new one; flightrules start does not",
    `git config --${scope} --unset worktree.guessRemote`,
  )
}
