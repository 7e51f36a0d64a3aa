import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { functionHookCommand } from '../../../src/config/function-hook.ts'
import { type ConfigProject, makeConfigProject } from '../../support/config-project.ts'

async function run(project: ConfigProject, hook: 'postCreateHook' | 'preRemoveHook'): Promise<string> {
  const command = functionHookCommand({
    configFile: join(project.main, 'flightrules.config.ts'),
    hook,
    commonDir: project.commonDir,
  })
  const env = {
    ...process.env,
    XDG_STATE_HOME: dirname(project.stateDirectory),
    FLIGHTRULES_HOOK_CONTEXT: JSON.stringify({ session: 'auth', ports: { PORT: 3001 } }),
  }
  return (await promisify(execFile)(command.file, [...command.args], { cwd: project.main, env })).stdout
}

test('a function runs with the context, its output goes out', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `import { writeFile } from 'node:fs/promises'
      export default { postCreateHook: async ({ session, ports }) => { console.log('hello', session); await writeFile('port', String(ports.PORT)) } }`,
  })
  await project.approve()
  expect(await run(project, 'postCreateHook')).toBe('hello auth\n')
  expect(await readFile(join(project.main, 'port'), 'utf8')).toBe('3001')
})

test('a function of the overrides goes before', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `export default { preRemoveHook: () => console.log('shared') }`,
    'flightrules.config.local.ts': `export default { preRemoveHook: () => console.log('own') }`,
  })
  await project.approve()
  expect(await run(project, 'preRemoveHook')).toBe('own\n')
})

test('a function that throws ends with 1 and the message', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `export default { postCreateHook: async () => {\n  throw new Error('no database') } }`,
  })
  await project.approve()
  await expect(run(project, 'postCreateHook')).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^flightrules: postCreateHook: no database \(.*:2\)\n$/) as string,
  })
})

test('a config that changed after the command looked at it does not run', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `export default { postCreateHook: () => console.log('approved') }`,
  })
  await project.approve()
  await project.write({ 'flightrules.config.ts': `console.log('swapped'); export default { postCreateHook: () => {} }` })
  await expect(run(project, 'postCreateHook')).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('changed since it was approved') as string,
  })
})
