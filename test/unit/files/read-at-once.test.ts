import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readAtOnce } from '../../../src/files/read-at-once.ts'
import { loadRecord, recordFile } from '../../../src/sessions/record.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test('a file is its text; a folder and what is not there are told apart', async () => {
  const folder = await makeTemporaryDirectory()
  await writeFile(join(folder, 'file'), 'text é\n')
  await mkdir(join(folder, 'folder'))
  expect(readAtOnce(join(folder, 'file'))).toBe('text é\n')
  expect(() => readAtOnce(join(folder, 'folder'))).toThrow('not a regular file')
  expect(() => readAtOnce(join(folder, 'none'))).toThrow('ENOENT')
})

test.skipIf(process.platform === 'win32')('a pipe where a record should be keeps nobody waiting: it is unreadable', async () => {
  const folder = await makeTemporaryDirectory()
  execFileSync('mkfifo', [recordFile(folder)])
  expect(await loadRecord(folder)).toEqual({ state: 'unreadable', reason: expect.stringContaining('not a regular file') })
})
