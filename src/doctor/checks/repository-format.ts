import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { type Check, fail, ok, type Verdict, warn } from '../check.ts'
import { findFlag, findSetting, type Settings } from '../settings.ts'

/** Extensions git knows that change nothing for us. */
const harmless = ['worktreeconfig', 'noop', 'preciousobjects', 'partialclone', 'relativeworktrees', 'objectformat', 'refstorage']

export const repositoryFormat: Check = {
  id: 'repository-format',
  group: 'repository',
  async run(facts) {
    const settings = await facts.settings()
    const found = [...judgeExtensions(settings), ...(await judgeShallow(facts.commonDir))]
    if (found.length > 0) return found
    const own = findFlag(settings, 'extensions.worktreeconfig') === true ? ', settings for each worktree are on' : ''
    return ok(`refs in files, objects by ${findSetting(settings, 'extensions.objectformat')?.value ?? 'sha1'}${own}`)
  },
}

function judgeExtensions(settings: Settings): Verdict[] {
  const verdicts: Verdict[] = []
  const refs = findSetting(settings, 'extensions.refstorage')?.value
  if (refs !== undefined && refs !== 'files') {
    verdicts.push(
      fail(`refs are stored as ${refs}; Flight Rules works with refs in files`, 'git refs migrate --ref-format=files'),
    )
  }
  for (const key of settings.keys()) {
    const name = /^extensions\.(.+)$/.exec(key)?.[1]
    if (name !== undefined && !harmless.includes(name)) {
      verdicts.push(warn(`the repository uses extensions.${name}, which Flight Rules does not know`))
    }
  }
  return verdicts
}

async function judgeShallow(commonDir: string): Promise<Verdict[]> {
  const isShallow = await access(join(commonDir, 'shallow')).then(
    () => true,
    () => false,
  )
  if (!isShallow) return []
  return [
    warn(
      'the clone is shallow: where a branch left its base may be unknown, so merged work may not be recognised',
      'git fetch --unshallow',
    ),
  ]
}
