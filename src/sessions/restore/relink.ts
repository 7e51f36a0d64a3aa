import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { requireBranchUnused } from '../../git/require-branch-unused.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { writeLockMarker } from '../../operations/trash/lock-marker.ts'
import { freeOperation } from '../../operations/trash/set-aside.ts'
import type { RestoreWork } from './restore-work.ts'

/** Tells git where the worktree is, puts HEAD back on its branch, and gives git the operation that was under way. */
export const relinkWorktree: StepHandler<RestoreWork> = {
  async apply(_step, work) {
    const { gitDir, path, lock, session } = work.facts
    await replaceFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`, { makeDirectory: false })
    await replaceFile(join(path, '.git'), `gitdir: ${gitDir}\n`, { makeDirectory: false })
    await attachHead(work)
    const holder = await findHolder(work)
    if (holder === undefined) await freeOperation(gitDir)
    else {
      work.findings.push({
        code: 'OPERATION_LEFT_ASIDE',
        message: `what session ${session.id} was in the middle of was left aside: ${holder}`,
        hint: `when that branch is free: take the prefix flightrules- away from the files in ${gitDir}`,
      })
    }
    await writeLockMarker(gitDir, lock)
  },
}

/** Only from the commit it was detached at; anything else is somebody's doing. */
async function attachHead({ git, facts }: RestoreWork): Promise<void> {
  const { gitDir, path, branch, tip } = facts
  if (branch === null || tip === null) return
  const file = join(gitDir, 'HEAD')
  const present = (await readFile(file, 'utf8')).trim()
  if (present === tip) return replaceFile(file, `ref: refs/heads/${branch}\n`, { makeDirectory: false })
  // where refs are not kept in files only git knows what it says
  if (present === 'ref: refs/heads/.invalid') await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`], { cwd: path })
}

/** Who has the branch that a rebase or bisect under way is about. */
async function findHolder({ context, commonDir, facts }: RestoreWork): Promise<string | undefined> {
  for (const name of ['rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START']) {
    const text = await readFile(join(facts.gitDir, `flightrules-${name}`), 'utf8').catch(() => '')
    const branch = text.trim().replace('refs/heads/', '')
    if (branch === '' || branch === facts.branch) continue
    try {
      await requireBranchUnused({ commonDir, branch }, context.bare)
    } catch (error) {
      if (error instanceof FlightRulesError && error.code === 'BRANCH_IN_USE') return error.message
      throw error
    }
  }
  return undefined
}
