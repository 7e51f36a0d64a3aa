import { lstat, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { digestOf, sha256 } from '../../config/digest.ts'
import { findStateDirectory } from '../../config/state-directory.ts'
import { type ApproveInput, approveConfig } from '../../config/trust.ts'
import { FlightRulesError } from '../../errors.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { Git } from '../../git/git.ts'
import { settleAppendOnly } from '../../sessions/settle-append-only.ts'
import { journaledInit, readInitFacts, takeOverInterruptedInits } from './init-journal.ts'
import { InitLog, pathFromMain } from './init-log.ts'
import type { InitPlan, InitResult, InitStep, RunStep, WriteStep } from './init-plan.ts'
import { readPresent } from '../../files/read-text.ts'
import { readFolders, readLocalHooksPath, runInstaller } from './run-installer.ts'

/** `approved`: the config that was there already is approved from now on. */
export interface AppliedInit extends InitResult {
  readonly approved: string | null
}

/**
 * Does what the plan says, each step noted so that `init --remove` can take it back. `lookedAt`: the digest of a config that was there
 * already, shown to a person who approved it.
 * @throws FlightRulesError FILE_CHANGED, INSTALLER_FAILED, CONFIG_CHANGED, and those of a config that does not load (nothing is changed then).
 */
export async function applyInit(git: Git, plan: InitPlan, lookedAt?: string): Promise<AppliedInit> {
  const place = { main: plan.main, commonDir: plan.commonDir, stateDirectory: findStateDirectory(git.environment) }
  const approved = lookedAt === undefined ? null : await approvePresentConfig(plan, { ...place, by: 'init', digest: lookedAt })
  await takeOverInterruptedInits(git, plan.main, plan.commonDir)
  const facts = await readInitFacts(git, plan)
  const applied = await journaledInit(plan.commonDir, 'init', facts, () => applySteps(git, plan, place))
  const kept = plan.kept.map((one) => ({ ...one, path: pathFromMain(plan.main, one.path) }))
  const imported = plan.config?.isNew === true ? (plan.taken?.sources ?? []) : []
  return { ...applied, kept, presets: plan.presets, hooks: plan.hooks, agents: plan.agents, imported, approved }
}

async function applySteps(git: Git, plan: InitPlan, place: Omit<ApproveInput, 'by' | 'digest'>): Promise<Fresh> {
  const log = await InitLog.open(plan.main, plan.commonDir)
  const created: string[] = []
  const changed: string[] = []
  const path = (file: string): string => pathFromMain(plan.main, file)
  for (const step of plan.steps) {
    const fresh = await applyStep(git.at(plan.main), log, step)
    created.push(...fresh.created.map(path))
    changed.push(...fresh.changed.map(path).filter((one) => !changed.includes(one)))
    if (step.kind === 'write' && step.file === plan.config?.file && plan.config.approval === 'written') {
      // what was written, and nothing that came beside it meanwhile
      const digest = digestOf([{ path: path(step.file), sha256: sha256(step.after) }])
      await settleAppendOnly(place.commonDir, await approveConfig({ ...place, by: 'init', digest }))
    }
  }
  return { created, changed }
}

interface Fresh {
  readonly created: readonly string[]
  readonly changed: readonly string[]
}

async function applyStep(git: Git, log: InitLog, step: InitStep): Promise<Fresh> {
  if (step.kind === 'write') return write(log, step)
  if (step.kind === 'run') return run(git, log, step)
  await log.noteMove(step.file, step.to)
  reachFailpoint('rename:moved-hook')
  await rename(step.file, step.to)
  return { created: [step.to], changed: [] }
}

async function write(log: InitLog, step: WriteStep): Promise<Fresh> {
  const present = await readPresent(step.file)
  const now = present === 'other' ? null : (present?.bytes ?? null)
  if (present === 'other' || !isSame(now, step.before)) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'FILE_CHANGED',
      message: `${step.file} was changed by somebody else while init was running, so it was left alone`,
      hint: 'flightrules init    again',
    })
  }
  await log.noteDirectories(dirname(step.file))
  // noted first: what is noted and not written is no trouble to take out
  await log.noteWrite(step.file, step.before, step.after, step.before === null ? null : step.mode)
  await replaceFile(step.file, step.after, { mode: step.mode })
  return step.before === null ? { created: [step.file], changed: [] } : { created: [], changed: [step.file] }
}

async function run(git: Git, log: InitLog, step: RunStep): Promise<Fresh> {
  const isThere = await Promise.all(
    step.writes.map((folder) =>
      lstat(folder).then(
        () => true,
        () => false,
      ),
    ),
  )
  for (const folder of step.writes) await log.noteDirectories(folder)
  const before = await readFolders(step.writes)
  const pathBefore = await readLocalHooksPath(git)
  let pathAfter = pathBefore
  try {
    await runInstaller(git, step)
  } finally {
    const after = await readFolders(step.writes)
    for (const [file, bytes] of after) {
      const old = before.get(file) ?? null
      if (!isSame(old, bytes)) await log.noteWrite(file, old, bytes, null)
    }
    pathAfter = await readLocalHooksPath(git)
    await log.noteHooksPath(pathBefore, pathAfter)
  }
  const created: string[] = []
  const changed =
    pathBefore === pathAfter ? [] : [await git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'config'])]
  for (const [index, folder] of step.writes.entries()) if (isThere[index] === false) created.push(folder)
  const inOldFolders = [...(await readFolders(step.writes.filter((_, index) => isThere[index])))]
  for (const [file, bytes] of inOldFolders) {
    const old = before.get(file)
    if (old === undefined) created.push(file)
    else if (!isSame(old, bytes)) changed.push(file)
  }
  return { created, changed }
}

async function approvePresentConfig(plan: InitPlan, input: ApproveInput): Promise<string | null> {
  if (plan.config === null || plan.config.isNew) return null
  await settleAppendOnly(input.commonDir, await approveConfig(input))
  return pathFromMain(plan.main, plan.config.file)
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : Buffer.compare(a, b) === 0
}
