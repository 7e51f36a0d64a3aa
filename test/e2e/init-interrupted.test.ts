import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withCommands } from '../support/flightrules-project.ts'
import { installInto } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { runCli } from '../support/run-cli.ts'

async function makeHuskyProject() {
  const repository = await makeRepository({
    files: {
      'package.json': '{\n  "name": "x",\n  "devDependencies": { "husky": "9" }\n}\n',
      '.husky/pre-push': 'echo mine\n',
      '.gitignore': 'node_modules/\n',
    },
  })
  await installInto(repository.path)
  return withCommands(repository)
}

/** The settings of agents are among what init puts in, and takes out again. */
const initArgs = ['init', '--hooks', 'husky', '--agents', 'claude']

type Project = Awaited<ReturnType<typeof makeHuskyProject>>

const killedAt = (project: Project, args: readonly string[], failpoint: string) =>
  runCli(args, { cwd: project.path, env: { ...project.env, FLIGHTRULES_FAILPOINT: `${failpoint}=kill` } })

async function stateOf(project: Project): Promise<unknown> {
  const files = (await readdir(project.path, { recursive: true })).filter((name) => !/^(?:node_modules|\.git)(?:\/|$)/.test(name))
  const hooksPath = await project.git(['config', '--local', '--default', 'none', '--get', 'core.hooksPath'])
  return [await project.git(['status', '--porcelain']), files.toSorted(), hooksPath]
}

const points = [
  'replace:flightrules.config.mjs',
  'replace:post-checkout',
  'replace:settings.json',
  'replace:parallel.sync.md',
  'replace:pre-push',
  'replace:init.json#4',
  'unlink:journal',
]

describe.concurrent('an init that was killed', () => {
  it.each(points)('at %s is taken out by the next command, whichever that is', async (point) => {
    const project = await makeHuskyProject()
    const before = await stateOf(project)
    expect((await killedAt(project, initArgs, point)).status).not.toBe(0)
    const { json } = await project.json(['status'])
    expect(json.findings.map(({ code }) => code)).toContain('RECOVERED')
    expect(await stateOf(project)).toEqual(before)
    expect((await project.json(['status'])).json.findings).toEqual([])
  })

  it.each(points)('at %s is finished by another init, and taken out whole after that', async (point) => {
    const project = await makeHuskyProject()
    const before = await stateOf(project)
    await killedAt(project, initArgs, point)
    expect((await project.cli(['init', '--hooks', 'husky'])).status).toBe(0)
    expect(await readFile(join(project.path, '.husky/pre-push'), 'utf8')).toContain('flightrules')
    expect((await project.cli(['init', '--remove'])).status).toBe(0)
    expect(await stateOf(project)).toEqual(before)
  })

  it('while it was taken out is taken out to its end', async () => {
    const project = await makeHuskyProject()
    const before = await stateOf(project)
    await project.cli(['init', '--hooks', 'husky'])
    await killedAt(project, ['init', '--remove'], 'unlink:init#2')
    await project.json(['status'])
    expect(await stateOf(project)).toEqual(before)
  })
})
