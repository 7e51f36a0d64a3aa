import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { commandTable } from '../../src/cli/command-table.ts'
import { approve } from '../support/flightrules-project.ts'
import { makeIsolatedEnvironment } from '../support/isolated-environment.ts'
import { installInto, packedPackage } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { runCli, runProgram } from '../support/run-cli.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

const root = join(import.meta.dirname, '../..')
const documents = ['README.md', 'CONTRIBUTING.md', ...(await listMarkdown('docs'))]
const texts = new Map(await Promise.all(documents.map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)))

test.concurrent('the screens in the README are what the program prints', async () => {
  const directory = await makeTemporaryDirectory('readme')
  const env = makeIsolatedEnvironment(join(directory, 'home'), { TMPDIR: directory })
  const check = [join(root, 'scripts/readme-screens.mjs'), '--check', '--package', packedPackage()]
  expect(await runProgram(process.execPath, check, { cwd: directory, env })).toEqual({
    status: 0,
    stdout: 'README.md is current\n',
    stderr: '',
  })
})

test.concurrent('the reference of commands is what the command line takes', async () => {
  const check = [join(root, 'scripts/generate-reference.mjs'), '--check']
  const { status, stderr } = await runProgram(process.execPath, check, { cwd: root, env: { PATH: process.env['PATH'] ?? '' } })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('every command has its line in the README', () => {
  const readme = texts.get('README.md') ?? ''
  const table = readme.slice(readme.indexOf('## Commands'), readme.indexOf('## Configuration'))
  expect(commandTable.map(({ name }) => name).filter((name) => !table.includes(`\`${name}`))).toEqual([])
})

test.each(documents)('%s types only commands there are', (file) => {
  const names = new Set(commandTable.flatMap(({ name, aliases = [] }) => [name, ...aliases]))
  const typed = [...(texts.get(file) ?? '').matchAll(/(?:^|[$`(] ?|npx |&& )flightrules ([a-z][a-z-]*)/gm)].map(
    ([, name = '']) => name,
  )
  expect(typed.filter((name) => !names.has(name))).toEqual([])
})

test.each(documents)('%s links to what is there', async (file) => {
  const links = [...(texts.get(file) ?? '').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target)
  const missing = []
  for (const target of links) if (!(await isThere(join(root, dirname(file), target)))) missing.push(target)
  expect(missing).toEqual([])
})

/** What other tools call a session's places and ports. */
const theirs = /^(?:ROOT_WORKTREE_PATH|(?:CONDUCTOR|CODEX|EMDASH|SUPERSET)_\w+)$/

test('codes in the documents are codes of the program', async () => {
  const sources = await Promise.all(
    (await readdir(join(root, 'src'), { recursive: true }))
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFile(join(root, 'src', file), 'utf8')),
  )
  const known = sources.join('\n')
  const named = [...texts.values()].flatMap((text) =>
    [...text.matchAll(/(?:`|"code":")([A-Z]+_[A-Z_]+)["`]/g)].map(([, code = '']) => code),
  )
  const codes = named.filter(
    (code) => !theirs.test(code) && !/^(?:NODE|LD|NO|FORCE|FLASK|API|DB)_|^FLIGHTRULES|^COMPOSE/.test(code),
  )
  expect(codes.length).toBeGreaterThan(3)
  expect(codes.filter((code) => !known.includes(`'${code}'`))).toEqual([])
  expect(named.filter((code) => theirs.test(code) && !known.includes(`${code}: `))).toEqual([])
})

test.concurrent('the configuration in the README loads', async () => {
  const repository = await makeRepository()
  await installInto(repository.path)
  const [, config = ''] = /```ts\n(\/\/ flightrules\.config\.ts[^]*?)```/.exec(texts.get('README.md') ?? '') ?? []
  await repository.write('flightrules.config.ts', config)
  const at = { cwd: repository.path, env: repository.env }
  expect(await runCli(['init', '--hooks', 'none'], at)).toMatchObject({ status: 0 })
  await approve(repository)
  const { stdout } = await runCli(['config', 'show'], at)
  expect(stdout).toMatch(/end\.merge +squash +flightrules\.config\.ts/)
})

async function listMarkdown(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder), { recursive: true })
  return names
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
    .toSorted()
}

function isThere(path: string): Promise<boolean> {
  return readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  )
}
