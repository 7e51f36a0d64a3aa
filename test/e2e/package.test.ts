import { readFile, readdir, stat } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { packedPackage } from '../support/packed-package.ts'
import { packageRoot } from '../support/source-files.ts'

const root = packedPackage()
const entries = await readdir(root, { recursive: true, withFileTypes: true })
const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)))
const scripts = await Promise.all(
  files
    .filter((file) => /^dist.*\.c?js$/.test(file))
    .map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })),
)

test('only what is needed is shipped', () => {
  const top = new Set(files.map((file) => file.split(/[\\/]/)[0]))
  top.delete('README.md')
  expect([...top].toSorted()).toEqual(['LICENSE', 'dist', 'docs', 'hooks', 'package.json'])
  expect(files.filter((file) => /(?<!\.d)\.ts$|\.map$|\.tmp/.test(file))).toEqual([])
})

test('at run time nothing is resolved but node, husky and jiti', () => {
  const outside = scripts.flatMap(({ file, text }) =>
    [...text.matchAll(/(?:\brequire\(|^(?:import|export)\s[^'"`;]*?)["'`]([^"'`.][^"'`]*)["'`]/gm)]
      .map(([, specifier = '']) => specifier)
      .filter(
        (specifier) =>
          !specifier.startsWith('node:') && !builtinModules.includes(specifier) && !/^(?:husky|jiti)(?:\/|$)/.test(specifier),
      )
      .map((specifier) => `${file}: ${specifier}`),
  )
  // `debug` asks whether it is there, and does without; ajv has these in texts, for modules somebody may have it write
  const isHarmless = (found: string): boolean =>
    / (?:supports-color$|ajv\/dist\/runtime\/|ajv-formats\/dist\/formats$)/.test(found)
  expect(outside.filter((found) => !isHarmless(found))).toEqual([])
})

test('the entry of the hooks starts with next to nothing', () => {
  const hook = scripts.find(({ file }) => file === join('dist', 'hook.cjs'))
  expect(hook).toBeDefined()
  // what is required inside a function comes later
  const loadedAtOnce = [
    ...(hook?.text ?? '').matchAll(/(?<!=>\s*(?:\/\*[^*]*\*\/\s*)?(?:[\w.$]+\()*)\brequire\(["'`](\.[^"'`]+)["'`]\)/g),
  ].map(([, specifier = '']) => join('dist', specifier))
  const texts = scripts.filter(({ file }) => loadedAtOnce.includes(file)).map(({ text }) => text)
  expect([texts.length, texts.join('').length]).toEqual([loadedAtOnce.length, expect.toSatisfy((bytes: number) => bytes < 3_000)])
})

test('no file names the machine it was built on', async () => {
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, file), 'utf8') })))
  expect(texts.filter(({ text }) => text.includes(packageRoot)).map(({ file }) => file)).toEqual([])
})

test.runIf(process.platform !== 'win32')('hooks and the binary can be run', async () => {
  for (const file of ['dist/cli.cjs', 'hooks/post-checkout', 'hooks/pre-push', 'hooks/post-merge']) {
    expect({ file, executable: ((await stat(join(root, file))).mode & 0o111) !== 0 }).toEqual({ file, executable: true })
  }
})

test('the licences of everything bundled are there', async () => {
  const text = await readFile(join(root, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')
  for (const name of ['commander', 'zod', '@clack/prompts', 'execa', 'picocolors', '@modelcontextprotocol/sdk', 'ajv'])
    expect(text).toContain(`\n${name} `)
})
