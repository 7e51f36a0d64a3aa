import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { hookNames, loadHookBlock } from './hook-block.ts'
import { type InstallInput, type InstallPlan, emptyInstallPlan } from './installer.ts'
import { lefthookScript, registerInLefthook, registration } from './lefthook-yaml.ts'
import { planSourcedFile } from './plan-hook-file.ts'
import { readPresent, readText } from '../../files/read-text.ts'

/** A script for each hook in lefthook's folder, registered in its config file. */
export async function planLefthookHooks(input: InstallInput): Promise<InstallPlan> {
  const plan = emptyInstallPlan()
  const { facts, main } = input
  const config = join(main, facts.lefthookFile ?? 'lefthook.yml')
  const present = await readPresent(config)
  const byHand = `add to it: ${hookNames.flatMap(registration).join('\n')}`
  if (present === 'other' || (present !== undefined && present.text === undefined)) {
    plan.kept.push({ path: config, why: `it is no text file; ${byHand}` })
    return plan
  }
  for (const name of hookNames) {
    const block = await loadHookBlock(input.packageRoot, name, { husky: '', package: input.project?.packageFolder ?? '' })
    const folder = sourceFolder(present?.text ?? '')
    const { steps, kept } = await planSourcedFile(join(main, folder, name, lefthookScript), block, '#!/bin/sh\n', 0o755)
    plan.steps.push(...steps)
    plan.kept.push(...kept)
  }
  const after = /\.ya?ml$/.test(config) ? await registerInLefthook(present?.text ?? '') : undefined
  if (after === undefined) {
    plan.kept.push({ path: config, why: `lines cannot be added to a file of this form without rewriting it; ${byHand}` })
    plan.next.push('lefthook install')
    return plan
  }
  if (after !== present?.text) {
    const why = 'our scripts registered with lefthook'
    plan.steps.push({
      kind: 'write',
      file: config,
      before: present?.bytes ?? null,
      after: Buffer.from(after),
      mode: present?.mode ?? 0o644,
      why,
    })
  }
  await planInstall(input, plan)
  return plan
}

async function planInstall(input: InstallInput, plan: InstallPlan): Promise<void> {
  const { facts, main } = input
  const isLefthook = async (name: string): Promise<boolean> =>
    (await readText(join(facts.directory, name)))?.includes('lefthook') === true
  const ours = await Promise.all(hookNames.map(isLefthook))
  if (ours.every(Boolean)) return
  const foreign: string[] = []
  for (const name of facts.present) if (!(await isLefthook(name))) foreign.push(name)
  if (foreign.length > 0) {
    // lefthook renames what it finds to .old, where nothing runs it
    for (const name of foreign) {
      plan.kept.push({
        path: join(facts.directory, name),
        why: 'lefthook install would switch it off: move what it does into the lefthook config first',
      })
    }
    plan.next.push('lefthook install')
    return
  }
  const program = await findProgram(input)
  if (program === undefined) {
    plan.next.push('lefthook install')
    return
  }
  plan.steps.push({
    kind: 'run',
    program,
    args: ['install'],
    cwd: main,
    line: 'lefthook install',
    writes: [facts.directory, join(facts.directory, '..', 'info')],
    silentOnSuccess: false,
    why: 'lefthook writes its hooks for git',
  })
}

/** Where lefthook looks for scripts. */
export function sourceFolder(config: string): string {
  const said = /^"?source_dir"?:[ \t]*["']?([^"'#\r\n]+)/m.exec(config)?.[1]?.trim()
  return said === undefined || said === '' || isAbsolute(said) || said.includes('..') ? '.lefthook' : said
}

async function findProgram(input: InstallInput): Promise<string | undefined> {
  const folders = [
    join(input.main, 'node_modules', '.bin'),
    join(input.main, input.project?.packageFolder ?? '', 'node_modules', '.bin'),
  ]
  const path = (input.git.environment['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  for (const folder of [...folders, ...path]) {
    const file = resolve(folder, 'lefthook')
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file
  }
  return undefined
}
