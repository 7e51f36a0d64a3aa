import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { copyFile, chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { probeLiveness, readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test('this process is alive, one that ended is dead', async () => {
  const own = await readOwnIdentity()
  expect(await probeLiveness(own, own)).toBe('alive')
  const child = spawn(process.execPath, ['-e', '0'])
  await once(child, 'close')
  expect(await probeLiveness({ ...own, pid: child.pid ?? 0, startTime: null }, own)).toBe('dead')
})

test('a process of somebody else is alive too', async () => {
  const own = await readOwnIdentity()
  expect(await probeLiveness({ ...own, pid: 1, startTime: null }, own)).toBe('alive')
})

test.skipIf(!existsSync('/proc/self/stat') || !existsSync('/bin/sleep'))(
  'a program with spaces and parentheses in its name is told from others',
  async () => {
    const program = join(await makeTemporaryDirectory('identity'), 'a) R 1 (b')
    await copyFile('/bin/sleep', program)
    await chmod(program, 0o755)
    const child = spawn(program, ['60'])
    try {
      await once(child, 'spawn')
      const own = await readOwnIdentity()
      const other = { ...own, pid: child.pid ?? 0, startTime: null }
      expect(await probeLiveness(other, own)).toBe('alive')
      expect(await probeLiveness({ ...other, startTime: '1' }, own)).toBe('dead')
    } finally {
      child.kill('SIGKILL')
    }
  },
)
