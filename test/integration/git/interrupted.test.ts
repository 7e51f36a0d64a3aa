import { expect, it } from 'vitest'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Git } from '../../../src/git/git.ts'
import { makeRepository } from '../../support/repository.ts'

it.skipIf(process.platform === 'win32')(
  'an interrupted git is at its end, and what it started to write too, before the caller hears of it',
  async () => {
    const { path, parent, env, git } = await makeRepository()
    const [started, done] = [join(parent, 'started'), join(parent, 'done')]
    await git(['config', 'alias.slow', `!trap '' TERM; : >'${started}'; sleep 0.3; echo done >'${done}'`])
    const stop = new AbortController()
    const running = new Git(path, env, stop.signal).run(['slow'])
    running.catch(() => {})
    while (!existsSync(started)) await sleep(5)
    stop.abort()
    await expect(running).rejects.toMatchObject({ kind: 'interrupted', code: 'INTERRUPTED' })
    expect(await readFile(done, 'utf8')).toBe('done\n')
    await expect(new Git(path, env, stop.signal).run(['--version'])).rejects.toMatchObject({ code: 'INTERRUPTED' })
    await expect(new Git(path, env, stop.signal).withoutSignal().run(['--version'])).resolves.toMatchObject({ status: 0 })
  },
)
