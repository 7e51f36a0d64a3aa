import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { approve, makeProject, type TestProject } from '../support/flightrules-project.ts'
import { makeRepository } from '../support/repository.ts'
import { runJson, runProgram } from '../support/run-cli.ts'
import { hasTerminal, keys, runInTerminal } from '../support/in-terminal.ts'

const inTerminal = test.skipIf(!hasTerminal)

const configFile = 'flightrules.config.json'

const makeChanged = async (): Promise<TestProject> => {
  const project = await makeProject({ config: { postCreateHook: 'touch .env.old' } })
  await project.write(configFile, JSON.stringify({ postCreateHook: 'touch .env.new' }))
  return project
}

const shownDigest = async (project: TestProject): Promise<string> =>
  String((await project.json(['trust', '--show'])).json.data['digest'])

const ran = (project: TestProject, id: string): string[] =>
  ['old', 'new', 'evil', 'frozen'].filter((name) => existsSync(join(project.session(id), `.env.${name}`)))

inTerminal.concurrent('82: in a terminal, a person who says no has a session without the commands', async () => {
  const project = await makeChanged()
  const answers = [{ when: /Go on without[^]*Stop here/, type: keys.enter }]
  const { status, shown } = await runInTerminal(['start', 'a', '--parallel', '--proceed', '--goal', 'x'], {
    cwd: project.path,
    env: project.env,
    answers,
  })
  expect([status, ran(project, 'a')]).toEqual([0, []])
  expect(shown).toMatch(/- postCreateHook: touch \.env\.old[^]*\+ postCreateHook: touch \.env\.new/)
  expect(shown).toContain('The setup commands did not run: nobody approved them')
  expect((await project.status()).sessions).toMatchObject([{ id: 'a', setup: { status: 'untrusted' } }])
  expect((await project.json(['trust', '--show'])).json.data).toMatchObject({ trusted: false })
})

inTerminal.concurrent('82: one who approves what was shown has it run; one who stops has nothing', async () => {
  const project = await makeChanged()
  const start = (id: string, type: string): ReturnType<typeof runInTerminal> =>
    runInTerminal(['start', id, '--parallel', '--proceed', '--goal', 'x'], {
      cwd: project.path,
      env: project.env,
      answers: [{ when: /Go on without[^]*Stop here/, type }],
    })
  expect((await start('a', `${keys.down}${keys.down}${keys.enter}`)).status).toBe(6)
  expect(existsSync(project.session('a'))).toBe(false)
  expect((await start('b', `${keys.down}${keys.enter}`)).status).toBe(0)
  expect(ran(project, 'b')).toEqual(['new'])
})

test.concurrent('83: without a terminal nothing unapproved runs, whatever flags and CI say: exit 6, with the digest and the ways on', async () => {
  const project = await makeChanged()
  const digest = await shownDigest(project)
  for (const [args, env] of [
    [['start', 'a'], {}],
    [['start', 'a', '--yes'], {}],
    [['start', 'a', '--yes'], { CI: '1' }],
    [['start', 'a', '--yes', '--proceed'], { FLIGHTRULES_TRUST: 'f'.repeat(64) }],
    [['start', 'a', '--yes', '--proceed'], { FLIGHTRULES_TRUST: digest.slice(0, 12) }],
    [['trust', '--yes'], { CI: 'true' }],
  ] as const) {
    const { status, stderr } = await project.cli(args, project.path, env)
    expect([args, status]).toEqual([args, 6])
    expect(stderr).toContain(digest)
    expect(stderr).toMatch(args[0] === 'trust' ? /flightrules trust --digest/ : /FLIGHTRULES_TRUST=<digest[^]*--no-setup/)
  }
  expect(existsSync(project.session('a'))).toBe(false)
  await project.start('b', '--no-setup', '--proceed')
  expect((await project.cli(['setup', 'b', '--yes'])).status).toBe(6)
  expect(ran(project, 'b')).toEqual([])
})

test.concurrent('83: FLIGHTRULES_TRUST approves exactly one digest, for one command', async () => {
  const project = await makeChanged()
  const env = { CI: '1', FLIGHTRULES_TRUST: await shownDigest(project) }
  expect((await project.cli(['start', 'a', '--proceed'], project.path, env)).status).toBe(0)
  expect(ran(project, 'a')).toEqual(['new'])
  await project.write(configFile, JSON.stringify({ postCreateHook: 'touch .env.evil' }))
  expect((await project.cli(['start', 'b', '--proceed'], project.path, env)).status).toBe(6)
  await project.write(configFile, JSON.stringify({ postCreateHook: 'touch .env.new' }))
  expect((await project.cli(['start', 'b', '--proceed'])).status).toBe(6)
})

test.concurrent('a session ends without an unapproved clean-up command, and that is said', async () => {
  const project = await makeProject({ config: { preRemoveHook: 'touch ../../.old' } })
  await project.start('a')
  await project.write(configFile, JSON.stringify({ preRemoveHook: 'touch ../../.evil' }))
  const { status, json } = await project.json(['end', 'a', '--strategy', 'abandon'])
  expect([status, json.findings.map(({ code }) => code)]).toEqual([0, ['CONFIG_NOT_TRUSTED', 'PRE_REMOVE_SKIPPED']])
  expect(['.old', '.evil'].filter((name) => existsSync(join(project.parent, name)))).toEqual([])
})

test.concurrent('84: one byte of the command, of the config or of an imported file, and it asks again', async () => {
  const files = {
    'flightrules.config.mjs': `import { hook } from './tools/hook.mjs'\nexport default { postCreateHook: [hook, 'echo one'] }\n`,
    'tools/hook.mjs': `export const hook = 'touch .env.old'\n`,
  }
  const project = await makeProject()
  await project.git(['rm', '--quiet', configFile])
  await project.commit('code', files)
  await approve(project)
  for (const [file, from, to] of [
    ['flightrules.config.mjs', 'echo one', 'echo onE'],
    ['flightrules.config.mjs', '\n', '\n\n'],
    ['tools/hook.mjs', '.env.old', '.env.olb'],
  ] as const) {
    await project.write(file, files[file].replace(from, to))
    expect((await project.json(['start', 'a', '--proceed'])).json.error).toMatchObject({ code: 'CONFIG_NOT_TRUSTED' })
    expect((await project.json(['status'])).json.findings).toMatchObject([{ code: 'CONFIG_NOT_TRUSTED' }])
    await project.write(file, files[file])
  }
  await project.start('a')
  expect(ran(project, 'a')).toEqual(['old'])
})

inTerminal.concurrent('85: a config swapped while the question is on the screen is not approved by the answer', async () => {
  const project = await makeChanged()
  for (const [args, type] of [
    [['trust'], `${keys.right}${keys.enter}`],
    [['start', 'a', '--parallel', '--proceed', '--goal', 'x'], `${keys.down}${keys.enter}`],
  ] as const) {
    await project.write(configFile, JSON.stringify({ postCreateHook: 'touch .env.new' }))
    const swap = (): Promise<void> => project.write(configFile, JSON.stringify({ postCreateHook: 'touch .env.evil' }))
    const { status, shown } = await runInTerminal(args, {
      cwd: project.path,
      env: project.env,
      answers: [{ when: /Yes \/|Stop here/, type, meanwhile: swap }],
    })
    expect([status, ran(project, 'a')]).toEqual([6, []])
    expect(shown).toContain('it is not what was looked at')
    expect((await project.json(['trust', '--show'])).json.data).toMatchObject({ trusted: false })
  }
})

test.concurrent('85: a config swapped while its commands run changes none of them', async () => {
  const evil = JSON.stringify({ postCreateHook: 'touch .env.evil', preRemoveHook: 'touch .env.evil' })
  const project = await makeProject({
    config: { postCreateHook: [`cp evil.json ../../project/${configFile}`, 'touch .env.frozen'] },
    files: { 'evil.json': evil },
  })
  await project.start('a')
  expect(await project.read(configFile)).toBe(evil)
  expect(ran(project, 'a')).toEqual(['frozen'])
  expect((await project.cli(['setup', 'a'])).status).toBe(6)
})

test.concurrent('86: what differs only in what nobody can see is shown escaped, line by line', async () => {
  const project = await makeProject({ config: { postCreateHook: 'make build' } })
  const tricks = {
    bidi: '\u202e',
    zero: '\u200b',
    joiner: '\u200d',
    ansi: '\u001b[2K',
    return: '\r',
    bom: '\ufeff',
    filler: '\u3164',
  }
  for (const [name, trick] of Object.entries(tricks)) {
    await project.write(configFile, `{"postCreateHook":"make${JSON.stringify(trick).slice(1, -1)} build"}`)
    const { stdout } = await project.cli(['trust', '--show'])
    const escaped = { ansi: '\\x1b[2K', return: '\\r' }[name] ?? `\\u${(trick.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`
    expect(stdout).toContain('- postCreateHook: make build\n')
    expect(stdout).toContain(`+ postCreateHook: make${escaped} build\n`)
    expect(stdout).toContain('- {"postCreateHook":"make build"}\n')
    expect(stdout).not.toContain(trick)
  }
  await writeFile(join(project.path, configFile), '{"postCreateHook":"make build"}\r\n')
  expect((await project.cli(['trust', '--show'])).stdout).toContain('+ {"postCreateHook":"make build"}\\r\n')
})

inTerminal.concurrent(
  'init shows a config that came with the repository, and approves it only for a person who says yes',
  async () => {
    const repository = await makeRepository({ files: { [configFile]: JSON.stringify({ postCreateHook: 'touch .env.new' }) } })
    const trusted = async (): Promise<unknown> =>
      (await runJson(['trust', '--show'], { cwd: repository.path, env: repository.env })).json.data['trusted']
    for (const [type, expected] of [
      [keys.enter, false],
      [`${keys.right}${keys.enter}`, true],
    ] as const) {
      const answers = [{ when: /Yes \//, type }]
      const { status, shown } = await runInTerminal(['init', '--hooks', 'native'], {
        cwd: repository.path,
        env: repository.env,
        answers,
      })
      expect([status, await trusted()]).toEqual([0, expected])
      expect(shown).toContain('postCreateHook: touch .env.new')
    }
  },
)

test.concurrent('a hook that a program without HOME started says that no approval counts there', async () => {
  const project = await makeProject({ config: { postCreateHook: 'touch .env.old' } })
  const { XDG_STATE_HOME: _state, HOME: _home, USERPROFILE: _profile, ...bare } = project.env
  const path = join(project.parent, 'gui')
  const { stderr } = await runProgram('git', ['worktree', 'add', '-b', 'gui', path], { cwd: project.path, env: bare })
  expect(stderr).toContain('neither HOME nor XDG_STATE_HOME says where your approvals are')
  expect(stderr).toContain('its setup commands did not run')
  expect(existsSync(join(path, '.env.old'))).toBe(false)
})
