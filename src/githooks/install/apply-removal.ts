import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { findStateDirectory } from '../../config/state-directory.ts'
import { revokeConfig } from '../../config/trust.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { Git } from '../../git/git.ts'
import { journaledInit } from './init-journal.ts'
import { pathFromMain } from './init-log.ts'
import type { Kept } from './init-plan.ts'
import { initRecordFile } from './init-record.ts'
import type { RemovalPlan, RemovalStep } from './plan-removal.ts'
import { readPresent } from '../../files/read-text.ts'
import { removeEmptyDirectory, removeFile } from './remove-file.ts'

export interface RemovalResult {
  readonly removed: readonly string[]
  readonly changed: readonly string[]
  readonly kept: readonly Kept[]
}

/** Takes out what `init` put in. A file somebody wrote to since the plan was made is left and named. */
export function applyRemoval(git: Git, plan: RemovalPlan): Promise<RemovalResult> {
  return journaledInit(plan.commonDir, 'init-remove', { main: plan.main }, () => takeOut(git, plan))
}

async function takeOut(git: Git, plan: RemovalPlan): Promise<RemovalResult> {
  const removed: string[] = []
  const changed: string[] = []
  const kept = plan.kept.map((one) => ({ ...one, path: pathFromMain(plan.main, one.path) }))
  for (const step of plan.steps) {
    const path = pathFromMain(plan.main, step.file)
    if (!(await applyStep(step))) kept.push({ path, why: 'it was changed while it was to be taken out' })
    else if (step.kind === 'delete') removed.push(path)
    else changed.push(step.kind === 'move-back' ? pathFromMain(plan.main, step.to) : path)
  }
  if (plan.hooksPath === null) await git.at(plan.main).run(['config', '--local', '--unset', 'core.hooksPath'], { accept: [0, 5] })
  else if (plan.hooksPath !== undefined) await git.at(plan.main).run(['config', '--local', 'core.hooksPath', plan.hooksPath])
  const own = join(plan.commonDir, 'flightrules')
  await removeFile(join(own, 'missing-noted'))
  await removeFile(initRecordFile(plan.commonDir))
  if (plan.steps.length > 0)
    await revokeConfig({ commonDir: plan.commonDir, stateDirectory: findStateDirectory(git.environment) })
  for (const directory of plan.directories) await removeEmptyDirectory(directory)
  return { removed, changed, kept }
}

async function applyStep(step: RemovalStep): Promise<boolean> {
  if (step.kind === 'move-back') {
    if ((await readPresent(step.to)) !== undefined) return false
    reachFailpoint('rename:moved-hook')
    await rename(step.file, step.to)
    return true
  }
  const present = await readPresent(step.file)
  if (present === undefined || present === 'other' || Buffer.compare(present.bytes, step.expected) !== 0) return false
  if (step.kind === 'delete') return removeFile(step.file)
  await replaceFile(step.file, step.after, step.mode === null ? {} : { mode: step.mode })
  return true
}
