import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requireDirectory } from '../../../src/cli/directory.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const root = await makeTemporaryDirectory('directory')
await mkdir(join(root, 'a', '-b'), { recursive: true })
await writeFile(join(root, 'file'), '')
const gone = (): string => {
  throw Object.assign(new Error('ENOENT: no such file or directory, uv_cwd'), { code: 'ENOENT' })
}

test('without -C it is the current directory', async () => {
  expect(await requireDirectory(() => root, [])).toBe(root)
})

test('each -C starts from the one before', async () => {
  expect(await requireDirectory(() => root, ['a', '-b'])).toBe(join(root, 'a', '-b'))
})

test('an absolute -C needs no current directory', async () => {
  expect(await requireDirectory(gone, [root])).toBe(root)
})

test.each([
  ['a current directory that is gone', gone, []],
  ['a -C that is not there', () => root, ['nope']],
  ['a -C that is a file', () => root, ['file']],
])('%s is a usage error', async (_, current, directories) => {
  await expect(requireDirectory(current, directories)).rejects.toMatchObject({ code: 'NO_DIRECTORY', exitStatus: 2 })
})
