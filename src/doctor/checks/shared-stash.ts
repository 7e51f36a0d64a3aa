import { join } from 'node:path'
import { lefthookFiles } from '../../githooks/install/detect-hook-manager.ts'
import { parsePackageJson } from '../../githooks/install/package-json.ts'
import { readText } from '../../files/read-text.ts'
import { type Check, ok, type Verdict, warn } from '../check.ts'
import { findFlag, findSetting } from '../settings.ts'

const why = 'all worktrees share one stash'

/** refs/stash belongs to the whole repository: what one worktree puts there, another may take away. */
export const sharedStash: Check = {
  id: 'shared-stash',
  group: 'repository',
  async run(facts) {
    const [settings, main] = await Promise.all([facts.settings(), facts.main()])
    const verdicts: Verdict[] = []
    for (const key of ['rebase.autoStash', 'merge.autoStash']) {
      if (findFlag(settings, key.toLowerCase()) !== true) continue
      const scope = findSetting(settings, key.toLowerCase())?.scope
      verdicts.push(
        warn(
          `${key} is true: changes it cannot put back end up in the stash, and ${why}`,
          `git config --${scope} --unset ${key}`,
        ),
      )
    }
    if (main !== null) verdicts.push(...(await findStashingTools(main)))
    return verdicts.length > 0 ? verdicts : ok('nothing found that uses the stash all worktrees share')
  },
}

async function findStashingTools(main: string): Promise<Verdict[]> {
  const [text, hook] = await Promise.all([readText(join(main, 'package.json')), readText(join(main, '.husky', 'pre-commit'))])
  const found = text === undefined ? undefined : parsePackageJson(text)
  const lines = [...Object.values(found?.scripts ?? {}), ...(hook?.split('\n') ?? [])].filter((line) =>
    line.includes('lint-staged'),
  )
  const verdicts: Verdict[] = []
  const isSafe = lines.length > 0 && lines.every((line) => line.includes('--no-stash'))
  if (found?.dependencies.has('lint-staged') === true && !isSafe) {
    verdicts.push(
      warn(
        `lint-staged stashes at each commit, and ${why}: two sessions that commit at once can get each other's backup`,
        'call it as: lint-staged --no-stash',
      ),
    )
  }
  const lefthook = await findLefthookPreCommit(main)
  if (lefthook !== undefined) {
    verdicts.push(
      warn(
        `lefthook stashes what is not staged at each commit (pre-commit in ${lefthook}), and ${why}`,
        'commit in one session at a time, or stage everything before a commit',
      ),
    )
  }
  return verdicts
}

async function findLefthookPreCommit(main: string): Promise<string | undefined> {
  for (const name of lefthookFiles) {
    const text = await readText(join(main, name))
    if (text !== undefined && /^"?pre-commit"?\s*:|^\[pre-commit\b|^\s*"pre-commit"\s*:/m.test(text)) return name
  }
  return undefined
}
