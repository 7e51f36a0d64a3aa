import { join } from 'node:path'
import type { Git } from '../../git/git.ts'
import { findRepositoryLocation } from '../../git/locate-repository.ts'
import { detectHooks } from './detect-hook-manager.ts'
import { detectProject } from './detect-project.ts'
import { findBlock, hookNames } from './hook-block.ts'
import { huskyInstaller } from './husky-hooks.ts'
import type { RunStep } from './init-plan.ts'
import { readText } from '../../files/read-text.ts'
import { runInstaller } from './run-installer.ts'

export type HooksHere =
  | { readonly outcome: 'installed' | 'present'; readonly husky: string }
  | { readonly outcome: 'skipped'; readonly why: string }

export interface HooksHereInput {
  readonly git: Git
  readonly node: string
  readonly packageRoot: string
}

type PlannedHooks =
  | Exclude<HooksHere, { outcome: 'installed' }>
  | { readonly outcome: 'needed'; readonly husky: string; readonly step: RunStep; readonly git: Git }

/**
 * Makes git run husky's hooks in this copy of the repository, main or linked worktree: what a `prepare` script calls after each
 * install of packages. Does nothing where husky runs already or its folder has no hook of ours.
 * @throws FlightRulesError INSTALLER_FAILED.
 */
export async function installHooksHere(input: HooksHereInput): Promise<HooksHere> {
  const planned = await planHooksHere(input)
  if (planned.outcome !== 'needed') return planned
  await runInstaller(planned.git, planned.step)
  return { outcome: 'installed', husky: planned.husky }
}

/** What `installHooksHere` would do; changes nothing. */
export async function planHooksHere(input: HooksHereInput): Promise<PlannedHooks> {
  const location = await findRepositoryLocation(input.git.cwd)
  if (location === undefined || location.worktree === null)
    return { outcome: 'skipped', why: `${input.git.cwd} is in no git repository with files` }
  if (input.git.environment['HUSKY'] === '0') return { outcome: 'skipped', why: 'HUSKY=0 is set' }
  const main = location.worktree
  const git = input.git.at(main)
  const facts = await detectHooks(git, await detectProject(main, input.git.cwd))
  const { husky } = facts
  const texts = husky === null ? [] : await Promise.all(hookNames.map((name) => readText(join(main, husky, name))))
  if (husky === null || !texts.some((text) => text !== undefined && findBlock(text) !== undefined)) {
    return { outcome: 'skipped', why: 'no hook of husky here has a part of Flight Rules; flightrules init puts it in' }
  }
  if (facts.huskyRuns) return { outcome: 'present', husky }
  return {
    outcome: 'needed',
    husky,
    git,
    step: huskyInstaller({ main, packageRoot: input.packageRoot, node: input.node }, husky),
  }
}
