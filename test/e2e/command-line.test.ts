import { mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { makeIsolatedEnvironment } from '../support/isolated-environment.ts'
import { runCli, runJson, runProgram } from '../support/run-cli.ts'
import { packedPackage } from '../support/packed-package.ts'
import { renderRun, snapshotRun } from '../support/snapshot-run.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

const cwd = await makeTemporaryDirectory('cli')
const env = makeIsolatedEnvironment(join(cwd, 'home'))

test('the program alone prints its help on standard output', async () => {
  const { status, stdout, stderr } = await runCli([], { cwd, env })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('Usage: flightrules <command> [options]')
  expect(stdout).not.toContain('\u001b')
})

test('a mistyped command runs nothing and suggests the nearest', async () => {
  expect(await snapshotRun(['completoin', 'bash'], { cwd, env })).toMatchInlineSnapshot(`
    "$ flightrules completoin bash
    -- stderr
    error: unknown command 'completoin'
      did you mean completion? See flightrules --help
    -- exit 2"
  `)
})

test('a mistyped command with --help is still a mistake', async () => {
  expect(await snapshotRun(['completoin', '--help'], { cwd, env })).toMatchInlineSnapshot(`
    "$ flightrules completoin --help
    -- stderr
    error: unknown command 'completoin'
      did you mean completion? See flightrules --help
    -- exit 2"
  `)
})

test('a mistyped flag runs nothing and suggests the nearest', async () => {
  expect(await snapshotRun(['completion', 'bash', '--drry-run'], { cwd, env })).toMatchInlineSnapshot(`
    "$ flightrules completion bash --drry-run
    -- stderr
    error: unknown option '--drry-run'
      did you mean --dry-run? See flightrules completion --help
    -- exit 2"
  `)
})

test('under --json a mistake is one document, wherever the flag stands', async () => {
  for (const args of [
    ['--json', 'completoin'],
    ['completoin', '--json'],
    ['completion', 'bash', '--nope', '--json'],
  ]) {
    const { status, stdout } = await runCli(args, { cwd, env })
    expect(status).toBe(2)
    const answer: unknown = JSON.parse(stdout)
    expect(answer).toMatchObject({ version: 1, ok: false, error: { code: expect.stringMatching(/^UNKNOWN_/), choices: [] } })
  }
})

test('a flag all commands take works before and after the verb', async () => {
  const before = await runCli(['--json', 'shell-init', 'bash'], { cwd, env })
  const after = await runCli(['shell-init', 'bash', '--json'], { cwd, env })
  expect(before.stdout).toBe(after.stdout)
  expect(JSON.parse(before.stdout)).toMatchObject({ command: 'shell-init', ok: true, findings: [] })
})

test('-C with a directory that is not there is a usage error', async () => {
  const { status, json } = await runJson(['-C', 'missing', 'shell-init', 'bash'], { cwd, env })
  expect(status).toBe(2)
  expect(json.error.code).toBe('NO_DIRECTORY')
})

test('a current directory somebody deleted is a clear error', async () => {
  const gone = join(cwd, 'gone')
  await mkdir(gone)
  const script = 'cd gone && rmdir ../gone && exec "$NODE" "$CLI" shell-init bash'
  const result = await runProgram('sh', ['-c', script], {
    cwd,
    env: { ...env, NODE: process.execPath, CLI: join(packedPackage(), 'dist/cli.cjs') },
  })
  await rmdir(gone).catch(() => {})
  expect(renderRun(['shell-init', 'bash'], result)).toMatchInlineSnapshot(`
    "$ flightrules shell-init bash
    -- stderr
    error: the current directory no longer exists
      cd to a directory that exists, or give one with -C <dir>
    -- exit 2"
  `)
})

test('a reader that stops early does not crash the program', async () => {
  const script = '{ "$NODE" "$CLI" completion bash; echo "status $?" >&2; } | head -1'
  const { stderr } = await runProgram('sh', ['-c', script], {
    cwd,
    env: { ...env, NODE: process.execPath, CLI: join(packedPackage(), 'dist/cli.cjs') },
  })
  expect(stderr).toBe('status 0\n')
})

test('the installed package has the binary under both names', async () => {
  for (const name of ['flightrules', 'fr']) {
    const { status, stdout } = await runProgram(join(packedPackage(), '..', '.bin', name), ['--version'], { cwd, env })
    expect({ status, version: stdout.trim() }).toEqual({ status: 0, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  }
})

test('a mistyped beginning of a command suggests the command, anything else nothing', async () => {
  const [stat, foo] = await Promise.all(['stat', 'foo'].map((word) => runJson([word], { cwd, env })))
  expect(stat?.json.error).toMatchObject({ code: 'UNKNOWN_COMMAND', details: { suggestions: ['status', 'statusline'] } })
  expect(foo?.json.error).toMatchObject({ code: 'UNKNOWN_COMMAND', details: {}, hint: 'see flightrules --help' })
})

test('config show cuts nothing off where there is no terminal', async () => {
  const postCreateHook = `echo ${'long '.repeat(40)}end`
  const project = await makeProject({ config: { postCreateHook } })
  expect((await project.cli(['config', 'show'])).stdout).toContain(postCreateHook)
})
