import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { armFailpoints } from '../../../src/files/failpoint.ts'
import { withLock } from '../../../src/operations/lock.ts'
import { type ProcessIdentity, readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'
import { exitOf, type LockPrograms, startHolder, writeLockPrograms } from './lock-children.ts'

let programs: LockPrograms
const isLinux = existsSync('/proc/self/stat')

beforeAll(async () => {
  programs = await writeLockPrograms()
})

const take = (commonDir: string, waitMs = 20_000): Promise<string> =>
  withLock(commonDir, { operation: 'test', waitMs }, async () => 'taken')
const lockFiles = (commonDir: string): Promise<string[]> => readdir(join(commonDir, 'flightrules', 'lock'))

async function writeLock(commonDir: string, generation: number, content: unknown): Promise<void> {
  await mkdir(join(commonDir, 'flightrules', 'lock'), { recursive: true })
  await writeFile(
    join(commonDir, 'flightrules', 'lock', `lock.${generation}`),
    typeof content === 'string' ? content : JSON.stringify(content),
  )
}

test('forty processes at once lose no update', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  const file = join(commonDir, 'counter')
  await writeFile(file, '0')
  const children = Array.from({ length: 40 }, () =>
    spawn(process.execPath, [programs.count, commonDir, file, '3'], { stdio: 'inherit' }),
  )
  expect(await Promise.all(children.map(exitOf))).toEqual(Array.from({ length: 40 }, () => 0))
  expect(await readFile(file, 'utf8')).toBe('120')
  expect(await lockFiles(commonDir)).toEqual(['free.240'])
})

test('a holder that was killed is taken over', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  const { child } = await startHolder(process.execPath, [programs.hold, commonDir])
  child.kill('SIGKILL')
  await exitOf(child)
  expect(await take(commonDir)).toBe('taken')
  expect(await lockFiles(commonDir)).toEqual(['free.3'])
})

test.skipIf(!isLinux)('a killed holder whose parent never asks for its end is taken over', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  const { child, pid } = await startHolder('/bin/sh', [
    '-c',
    `'${process.execPath}' '${programs.hold}' '${commonDir}' <&0 & exec sleep 60`,
  ])
  try {
    process.kill(pid, 'SIGKILL')
    while (!/\) [ZX] /.test(await readFile(`/proc/${pid}/stat`, 'utf8'))) await sleep(5)
    expect(await take(commonDir)).toBe('taken')
  } finally {
    child.kill('SIGKILL')
  }
})

test.skipIf(process.platform === 'win32')('a suspended holder is never overtaken, and named', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  const { child, pid } = await startHolder(process.execPath, [programs.hold, commonDir])
  child.kill('SIGSTOP')
  try {
    await expect(take(commonDir, 300)).rejects.toMatchObject({
      kind: 'busy',
      code: 'BUSY',
      message: expect.stringContaining(`process ${pid} on ${hostname()} (hold it)`),
      details: { liveness: 'alive' },
    })
  } finally {
    child.kill('SIGCONT')
  }
  const taken = take(commonDir)
  child.stdin?.end()
  expect(await exitOf(child)).toBe(0)
  expect(await taken).toBe('taken')
})

const foreign: readonly (readonly [string, Partial<ProcessIdentity>])[] = [
  ['another machine', { host: 'far-away' }],
  ['another container', { pidNamespace: 'pid:[1]' }],
  ['this machine, which boot is not known', { bootId: null }],
]

test.skipIf(!isLinux).each(foreign)(
  'a holder on %s keeps the lock, whatever its process number means here',
  async (_, difference) => {
    const commonDir = await makeTemporaryDirectory('lock')
    const owner = {
      ...(await readOwnIdentity()),
      pid: 2 ** 30,
      operation: 'start auth',
      since: '2026-01-02T03:04:05Z',
      ...difference,
    }
    await writeLock(commonDir, 7, owner)
    await expect(take(commonDir, 0)).rejects.toMatchObject({
      code: 'BUSY',
      message: expect.stringContaining(`since 2026-01-02T03:04:05Z: process ${owner.pid} on ${owner.host} (start auth)`),
      hint: expect.stringContaining('another machine or in a container'),
      details: { liveness: 'unknown' },
    })
    expect(await lockFiles(commonDir)).toEqual(['lock.7'])
  },
)

test.skipIf(!isLinux).each([
  ['before this machine was last started', { bootId: 'another' }],
  ['under a number that another process has now', { startTime: '1' }],
])('a holder that ran %s is taken over', async (_, difference) => {
  const commonDir = await makeTemporaryDirectory('lock')
  await writeLock(commonDir, 7, { ...(await readOwnIdentity()), operation: 'x', since: 'then', ...difference })
  expect(await take(commonDir)).toBe('taken')
  expect(await lockFiles(commonDir)).toEqual(['free.9'])
})

test.each(['', '{"pid"', 'null', '[]'])('a lock whose owner cannot be read (%j) is held', async (content) => {
  const commonDir = await makeTemporaryDirectory('lock')
  await writeLock(commonDir, 1, content)
  await expect(take(commonDir, 0)).rejects.toMatchObject({
    code: 'BUSY',
    message: expect.stringContaining('a holder that cannot be read'),
  })
})

test('what older generations left behind means nothing', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  await writeLock(commonDir, 3, { ...(await readOwnIdentity()), operation: 'x', since: 'then' })
  await writeFile(join(commonDir, 'flightrules', 'lock', 'free.9'), '')
  expect(await take(commonDir, 0)).toBe('taken')
  expect(await lockFiles(commonDir)).toEqual(['free.11'])
})

test('work that fails gives the lock back', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  await expect(withLock(commonDir, { operation: 'x' }, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await take(commonDir, 0)).toBe('taken')
})

test('who is interrupted while waiting stops waiting', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  await writeLock(commonDir, 1, '')
  const abort = new AbortController()
  const waiting = withLock(commonDir, { operation: 'x', signal: abort.signal }, async () => 'taken')
  abort.abort(new Error('stop'))
  await expect(waiting).rejects.toThrow('stop')
})

test('who could not release the lock does not wait for itself', async () => {
  const commonDir = await makeTemporaryDirectory('lock')
  armFailpoints({ FLIGHTRULES_FAILPOINT: 'write:free=ENOSPC' })
  await withLock(commonDir, { operation: 'first' }, async () => {})
  armFailpoints({})
  await withLock(commonDir, { operation: 'second', waitMs: 0 }, async () => {})
  await withLock(commonDir, { operation: 'third', waitMs: 0 }, async () => {})
})
