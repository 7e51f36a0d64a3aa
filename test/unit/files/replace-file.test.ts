import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replaceFile } from '../../../src/files/replace-file.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test('what the guard throws leaves the old bytes, also those that came meanwhile, and nothing beside them', async () => {
  const directory = await makeTemporaryDirectory('replace')
  const file = join(directory, 'log.md')
  await writeFile(file, 'one\n')
  const guard = async (): Promise<void> => {
    await appendFile(file, 'two\n')
    throw new Error('it grew')
  }
  await expect(replaceFile(file, 'other\n', { guard })).rejects.toThrow('it grew')
  expect(await readFile(file, 'utf8')).toBe('one\ntwo\n')
  expect(await readdir(directory)).toEqual(['log.md'])
})
