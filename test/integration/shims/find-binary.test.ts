import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../support/run-cli.ts'
import { type ShimRepository, makeBareShellPath, makeShimRepository, shells, writeStandIn } from './shim-repository.ts'

describe.each(shells)('what the shims start, under $name', ({ line }) => {
  async function addWorktree(repo: ShimRepository, name: string): Promise<string> {
    const { stderr } = await runProgram('git', ['worktree', 'add', '-q', '-b', name, `../${name}`], {
      cwd: repo.path,
      env: repo.env,
    })
    return stderr
  }

  test("the worktree's own before the main worktree's, that before PATH, the noted one last", async () => {
    const repo = await makeShimRepository(line, '', { binary: null })
    const tools = await makeBareShellPath(repo, true)
    repo.env['PATH'] = tools
    await writeStandIn(repo, 'script.js', 'noted ')
    await writeFile(join(repo.parent, 'node'), '#!/bin/sh\nexec sh "$@"\n')
    await chmod(join(repo.parent, 'node'), 0o755)
    await repo.write('.git/flightrules/bin', `${join(repo.parent, 'node')}\n${join(repo.path, 'script.js')}`)
    await addWorktree(repo, 'one')
    await writeStandIn(repo, join(tools, 'flightrules'), 'path ')
    await addWorktree(repo, 'two')
    await writeStandIn(repo, 'node_modules/.bin/flightrules', 'main ')
    await addWorktree(repo, 'three')
    await writeStandIn(repo, 'bin/flightrules', 'own ')
    await repo.write('.gitignore', '')
    await repo.commit('with binary')
    await repo.git(['rm', '-q', '-r', '--cached', 'node_modules'])
    await repo.git(['commit', '-q', '-m', 'without'])
    await repo.git(['worktree', 'add', '-q', '-b', 'four', '../four', 'HEAD~1'])
    const labels = (await repo.calls()).map((call) => call.args.split(' ')[0])
    expect(labels).toEqual(['noted', 'path', 'main', 'main'])
    expect((await repo.calls()).at(-1)?.cwd).toBe(join(repo.parent, 'four'))
  })

  test('without node on PATH the noted node and script', async () => {
    const repo = await makeShimRepository(line, '', { binary: 'node_modules/.bin/flightrules' })
    repo.env['PATH'] = await makeBareShellPath(repo, false)
    await writeStandIn(repo, 'script.js', 'noted ')
    await writeFile(join(repo.parent, 'node'), '#!/bin/sh\nexec sh "$@"\n')
    await chmod(join(repo.parent, 'node'), 0o755)
    await repo.write('.git/flightrules/bin', `${join(repo.parent, 'node')}\n${join(repo.path, 'script.js')}\n`)
    await addWorktree(repo, 'one')
    expect((await repo.calls()).map((call) => call.args.split(' ')[0])).toEqual(['noted'])
  })

  test('missing: post-checkout says so once and passes, pre-push each time and passes', async () => {
    const repo = await makeShimRepository(line, '', { binary: null })
    repo.env['PATH'] = await makeBareShellPath(repo, true)
    expect(await addWorktree(repo, 'one')).toContain('not installed')
    expect(await addWorktree(repo, 'two')).toBe('')
    for (const name of ['one', 'two']) {
      const { status, stderr } = await runProgram('git', ['push', '-q', 'origin', name], { cwd: repo.path, env: repo.env })
      expect([status, stderr]).toEqual([0, expect.stringContaining('was not checked')])
    }
  })

  test('nothing to do starts no other program', async () => {
    const repo = await makeShimRepository(line)
    const [shell = '', ...args] = line.split(' ')
    for (const [hook, ...rest] of [
      ['post-checkout', 'a', 'b', '1'],
      ['post-checkout', 'a', 'b', '0'],
      ['post-merge', '0'],
      ['pre-push', 'origin', 'url'],
    ]) {
      const run = await runProgram(shell, [...args, join(repo.path, '.git/hooks', hook ?? ''), ...rest], {
        cwd: repo.path,
        env: { PATH: '/nowhere' },
      })
      expect(run).toEqual({ status: 0, stdout: '', stderr: '' })
    }
  })
})
