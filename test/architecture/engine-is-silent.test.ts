import { expect, test } from 'vitest'
import { folderOf, readSourceFiles } from '../support/source-files.ts'

const engineFolders = ['sessions', 'integrate', 'radar', 'operations', 'setup', 'config', 'git', 'files', 'errors', 'index']

/** Programs of their own: started as a child process or a worker, they have nobody to get their arguments from. */
const ownPrograms = ['src/config/evaluate-worker.ts', 'src/config/hook-function-child.ts']

const files = await readSourceFiles('src')
const engine = files.filter(({ path }) => engineFolders.includes(folderOf(path)) && !ownPrograms.includes(path))

const forbidden: readonly (readonly [string, RegExp])[] = [
  ['reads the environment', /\bprocess\.env\b/],
  ['reads the current directory', /\bprocess\.(?:cwd|chdir)\(/],
  ['ends the process', /\bprocess\.(?:exit|exitCode|abort)\b/],
  ['prints', /\bconsole\.|\bprocess\.(?:stdout|stderr)\b/],
  ['asks', /\bprocess\.stdin\b|['"](?:node:readline|@clack\/prompts)/],
]

test.each(forbidden)('no engine file %s', (_, pattern) => {
  expect(engine.filter(({ code }) => pattern.test(code)).map(({ path }) => path)).toEqual([])
})

test('outside of the entries only the command line looks at the process', () => {
  const allowed = ['src/cli.ts', 'src/hook.ts', 'src/agent.ts', 'src/statusline.ts', 'src/cli/main.ts', ...ownPrograms]
  const found = files.filter(
    ({ path, code }) => !allowed.includes(path) && /\bprocess\.(?:env|exit|exitCode|argv)\b|\bprocess\.cwd\(/.test(code),
  )
  // a second signal ends the process there and then
  expect(found.map(({ path }) => path)).toEqual(['src/cli/interruption.ts'])
})
