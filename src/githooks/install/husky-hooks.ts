import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { addScript } from './add-script.ts'
import { hookNames, loadHookBlock } from './hook-block.ts'
import type { RunStep } from './init-plan.ts'
import { type InstallInput, type InstallPlan, emptyInstallPlan } from './installer.ts'
import { planSourcedFile } from './plan-hook-file.ts'
import { readPresent } from '../../files/read-text.ts'

export const prepareScript = 'flightrules hook install || exit 0'

/** Our blocks in husky's hook files, and husky itself where it does not run yet. */
export async function planHuskyHooks(input: InstallInput): Promise<InstallPlan> {
  const plan = emptyInstallPlan()
  const { facts, main, project } = input
  const husky = facts.husky ?? '.husky'
  for (const name of hookNames) {
    const block = await loadHookBlock(input.packageRoot, name, { husky, package: project?.packageFolder ?? '' })
    const { steps, kept } = await planSourcedFile(join(main, husky, name), block)
    plan.steps.push(...steps)
    plan.kept.push(...kept)
  }
  if (facts.huskyRuns) return plan
  if (input.git.environment['HUSKY'] === '0') {
    plan.kept.push({ path: husky, why: 'HUSKY=0 is set, so husky was not switched on and git runs none of its hooks' })
    plan.next.push('flightrules init    without HUSKY=0')
    return plan
  }
  plan.steps.push(huskyInstaller(input, husky))
  for (const name of facts.present) {
    const why = `git takes hooks from ${husky}/_ from now on, as husky sets it; to keep this one, move it to ${husky}/${name}`
    plan.kept.push({ path: join(facts.directory, name), why })
  }
  await planPrepare(input, plan)
  return plan
}

/** husky's own installer: it writes `_` and points git at it. */
export function huskyInstaller(input: Pick<InstallInput, 'main' | 'packageRoot' | 'node'>, husky: string): RunStep {
  const bin = join(dirname(createRequire(join(input.packageRoot, 'package.json')).resolve('husky')), 'bin.js')
  const args = husky === '.husky' ? [] : [husky]
  return {
    kind: 'run',
    program: input.node,
    args: [bin, ...args],
    cwd: input.main,
    line: ['husky', ...args].join(' '),
    writes: [join(input.main, husky, '_')],
    silentOnSuccess: true,
    why: `husky's own installer: makes ${husky}/_ and sets core.hooksPath to it`,
  }
}

/** A clone has husky's folder but not git's setting: the package's `prepare` script makes it on install. */
async function planPrepare(input: InstallInput, plan: InstallPlan): Promise<void> {
  const found = input.project?.package
  if (input.project === null || found === undefined) return
  const file = join(input.main, input.project.packageFolder, 'package.json')
  const scripts = Object.values(found.scripts).join('\n')
  if (/\bhusky\b/.test(scripts) || scripts.includes('flightrules hook install')) return
  const after = addScript(found.text, 'prepare', prepareScript)
  const present = await readPresent(file)
  if (after === undefined || present === undefined || present === 'other' || found.scripts['prepare'] !== undefined) {
    plan.kept.push({
      path: file,
      why: `it has a prepare script of its own; add to it, so that hooks work in every clone: ${prepareScript}`,
    })
    return
  }
  const why = 'husky is switched on in every clone when packages are installed'
  plan.steps.push({ kind: 'write', file, before: present.bytes, after: Buffer.from(after), mode: present.mode, why })
}
