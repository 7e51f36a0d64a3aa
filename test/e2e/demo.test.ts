import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeIsolatedEnvironment } from '../support/isolated-environment.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runProgram } from '../support/run-cli.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

const root = join(import.meta.dirname, '../..')

test('the demo does the main job, checks itself and leaves nothing behind', async () => {
  const directory = await makeTemporaryDirectory('demo')
  const env = makeIsolatedEnvironment(join(directory, 'home'), { TMPDIR: directory })
  const demo = [join(root, 'scripts/demo.mjs'), '--package', packedPackage()]
  const { status, stdout, stderr } = await runProgram(process.execPath, demo, { cwd: directory, env })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  for (const line of [
    '$ flightrules init',
    '$ flightrules start login --goal "Fix the login form"',
    '$ git worktree add ../search',
    'flightrules: push refused: session login has 1 uncommitted file that would be left out:',
    'Merged session prices into main',
    'flightrules: login is in main now; cleaned up its worktree and branch',
    'Everything did what it should',
  ]) {
    expect(stdout).toContain(line)
  }
  expect(stdout).not.toContain('\u001b')
  expect(await readdir(directory)).toEqual(['home'])
})

test('the demo fails when the program does not do what it should', async () => {
  const directory = await makeTemporaryDirectory('demo-broken')
  const env = makeIsolatedEnvironment(join(directory, 'home'), { TMPDIR: directory })
  const demo = [join(root, 'scripts/demo.mjs'), '--package', join(directory, 'nothing-here')]
  const { status, stdout, stderr } = await runProgram(process.execPath, demo, { cwd: directory, env })
  expect(status).toBe(1)
  expect(stderr).toContain('The demo failed')
  expect(stdout).not.toContain('Everything did what it should')
})
