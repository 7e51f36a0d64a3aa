import { existsSync } from 'node:fs'
import { readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { armFailpoints } from '../../../src/files/failpoint.ts'
import { recoverOperations } from '../../../src/sessions/recover/recover-operations.ts'
import { retireSession } from '../../../src/sessions/retire-session.ts'
import { type Engine, makeEngine } from './engine.ts'

afterEach(() => armFailpoints({}))

/** The journal entry of a removal whose process died when the worktree was in the trash. */
async function interruptRemoval(engine: Engine): Promise<string> {
  const { path } = await engine.start('a')
  await writeFile(join(path, 'work.txt'), 'work\n')
  const { context } = await engine.open()
  const entry = await engine.session('a')
  armFailpoints({ FLIGHTRULES_FAILPOINT: 'before:relink-worktree=EIO' })
  const retirement = { reason: 'abandoned', event: 'ended', content: 'any', deleteBranch: true } as const
  await expect(retireSession(context, entry, { ...retirement, tip: entry.worktree.head })).rejects.toThrow('EIO')
  armFailpoints({})
  const journal = join(engine.commonDir, 'flightrules', 'journal')
  const file = join(journal, (await readdir(journal)).find((name) => name.endsWith('.json')) ?? '')
  const left = JSON.parse(await readFile(file, 'utf8')) as { owner: { pid: number } }
  await writeFile(file, JSON.stringify({ ...left, owner: { ...left.owner, pid: 2 ** 22 + 1 } }))
  return file
}

test('of two that find an interrupted operation one settles it, and the other leaves its processes alone', async () => {
  const engine = await makeEngine()
  const file = await interruptRemoval(engine)
  const [isIn, mayGo] = ['in', 'go'].map((name) => join(engine.parent, name)) as [string, string]
  const wait = `[ "$1" = prepared ] || exit 0; : > '${isIn}'; while [ ! -e '${mayGo}' ]; do sleep 0.05; done`
  await writeFile(join(engine.commonDir, 'hooks', 'reference-transaction'), `#!/bin/sh\n${wait}\n`, { mode: 0o755 })
  const { context } = await engine.open()
  const first = recoverOperations(context)
  while (!existsSync(isIn)) await sleep(10)
  expect(await recoverOperations(context)).toEqual([])
  await writeFile(mayGo, '')
  expect((await first).map(({ code }) => code)).toEqual(['RECOVERED'])
  expect(existsSync(file)).toBe(false)
  expect(await engine.git(['for-each-ref', 'refs/heads/session'])).toBe('')
})

test('what could not be settled is for the next command, also while this process lives', async () => {
  const engine = await makeEngine()
  const file = await interruptRemoval(engine)
  const before = await readFile(file, 'utf8')
  const { context } = await engine.open()
  armFailpoints({ FLIGHTRULES_FAILPOINT: 'before:relink-worktree=EIO' })
  expect((await recoverOperations(context)).map(({ code }) => code)).toEqual(['RECOVERY_FAILED'])
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(before))
  armFailpoints({})
  expect((await recoverOperations(context)).map(({ code }) => code)).toEqual(['RECOVERED'])
})

test('what is on a disk that is away is settled when it is back', async () => {
  const engine = await makeEngine()
  const file = await interruptRemoval(engine)
  const { context } = await engine.open()
  const away = `${engine.sessionsDir}-away`
  await rename(engine.sessionsDir, away)
  expect((await recoverOperations(context)).map(({ code, message }) => [code, message.includes('mounted')])).toEqual([
    ['RECOVERY_FAILED', true],
  ])
  await rename(away, engine.sessionsDir)
  expect((await recoverOperations(context)).map(({ code }) => code)).toEqual(['RECOVERED'])
  expect(existsSync(file)).toBe(false)
})
