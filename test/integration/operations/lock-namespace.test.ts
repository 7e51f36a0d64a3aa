import { spawn, spawnSync } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectLock } from '../../../src/operations/abandoned-lock.ts'
import { withLock } from '../../../src/operations/lock.ts'
import { readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'
import { exitOf, startHolder, writeLockPrograms } from './lock-children.ts'

const unshare = ['--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc']
const canUnshare = spawnSync('unshare', [...unshare, 'true']).status === 0

test.skipIf(!canUnshare)(
  'a holder in a container keeps the lock, alive or dead, and a holder here is kept by one inside',
  async () => {
    const programs = await writeLockPrograms()
    const commonDir = await makeTemporaryDirectory('lock')
    const { child, pid } = await startHolder('unshare', [...unshare, process.execPath, programs.hold, commonDir])
    // in there it is the first process; here that number is another's
    expect(pid).toBe(1)
    const busy = { code: 'BUSY', details: { liveness: 'unknown' }, hint: expect.stringContaining('flightrules unlock') }
    const take = (): Promise<string> => withLock(commonDir, { operation: 'test', waitMs: 0 }, async () => 'taken')
    await expect(take()).rejects.toMatchObject(busy)
    child.kill('SIGKILL')
    await exitOf(child)
    await expect(take()).rejects.toMatchObject(busy)
    expect(await inspectLock(commonDir, await readOwnIdentity())).toMatchObject({ liveness: 'unknown', holder: { pid: 1 } })
    expect(await readdir(join(commonDir, 'flightrules', 'lock'))).toEqual(['lock.1'])

    const other = await makeTemporaryDirectory('lock')
    const outside = await startHolder(process.execPath, [programs.hold, other])
    const inside = spawn('unshare', [...unshare, process.execPath, programs.hold, other], { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    inside.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    expect(await exitOf(inside)).not.toBe(0)
    expect(said).toContain(`process ${outside.pid} on `)
    outside.child.stdin?.end()
    expect(await exitOf(outside.child)).toBe(0)
  },
)
