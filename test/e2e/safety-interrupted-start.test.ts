import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { packedPackage } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { withCommands } from '../support/flightrules-project.ts'

/** A repository whose checkout takes seconds. */
async function makeSlow() {
  const files = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`f${index}.slow`, `${index}\n`]))
  const project = withCommands(await makeRepository({ files: { ...files, '.gitattributes': '*.slow filter=slow\n' } }))
  await project.git(['config', 'filter.slow.smudge', 'sleep 0.02; cat'])
  return project
}

describe.skipIf(process.platform === 'win32').concurrent('a start that is stopped in the middle of its checkout', () => {
  test.for([
    ['alone', (pid: number): boolean => process.kill(pid, 'SIGINT')],
    ['with all of the terminal', (pid: number): boolean => process.kill(-pid, 'SIGINT')],
  ] as const)('leaves nothing behind: stopped %s', async ([, interrupt]) => {
    const project = await makeSlow()
    const path = project.session('a')
    const before = await project.git(['for-each-ref'])
    const child = spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'start', 'a'], {
      cwd: project.path,
      env: project.env,
      stdio: 'ignore',
      detached: true,
    })
    const ended = once(child, 'exit')
    while ((await readdir(path).catch(() => [])).length < 20) await sleep(5)
    interrupt(child.pid ?? 0)
    expect((await ended)[0]).toBe(130)
    expect(await project.git(['for-each-ref'])).toBe(before)
    expect(await project.git(['worktree', 'list'])).not.toContain('sessions')
    expect(await readdir(join(project.path, '.git/worktrees')).catch(() => [])).toEqual([])
    expect(existsSync(path)).toBe(false)
    await project.git(['config', 'filter.slow.smudge', 'cat'])
    expect((await project.start('a')).path).toBe(path)
    expect(await project.git(['status', '--porcelain', '--', ':!docs'], path)).toBe('')
  })
})
