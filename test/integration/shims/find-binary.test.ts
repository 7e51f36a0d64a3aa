import { chmod, symlink, writeFile } from 'node:fs/promises'
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

  test("the main worktree's before the worktree's own, that before PATH, the noted one last", async () => {
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
    const two = join(repo.parent, 'two')
    await writeStandIn(repo, join(two, 'node_modules/.bin/flightrules'), 'own ')
    await repo.git(['push', '-q', 'origin', 'two'], two)
    await writeStandIn(repo, 'node_modules/.bin/flightrules', 'main ')
    await repo.git(['commit', '-q', '--allow-empty', '-m', 'two'], two)
    await repo.git(['push', '-q', 'origin', 'two'], two)
    const labels = (await repo.calls()).map((call) => call.args.split(' ')[0])
    expect(labels).toEqual(['noted', 'path', 'own', 'main'])
    expect((await repo.calls()).at(-1)?.cwd).toBe(two)
  })

  test('88: a program that came with a branch is never started, in main or in a worktree, by name or noted', async () => {
    const repo = await makeShimRepository(line, '', { binary: null })
    repo.env['PATH'] = await makeBareShellPath(repo, true)
    await writeFile(join(repo.parent, 'node'), '#!/bin/sh\nexec sh "$@"\n')
    await chmod(join(repo.parent, 'node'), 0o755)
    const script = join(repo.path, 'node_modules/flightrules/dist/cli.cjs')
    await repo.write('.git/flightrules/bin', `${join(repo.parent, 'node')}\n${script}\n`)
    await repo.git(['switch', '-q', '-c', 'evil'])
    for (const path of ['node_modules/.bin/flightrules', 'node_modules/flightrules/dist/cli.cjs'])
      await writeStandIn(repo, path, 'evil ')
    await repo.git(['add', '--force', 'node_modules'])
    await repo.git(['commit', '-q', '-m', 'evil'])
    await repo.git(['switch', '-q', 'main'])
    expect(await addWorktree(repo, 'plain')).toContain('not installed')
    await repo.git(['worktree', 'add', '-q', '-b', 'theirs', '../theirs', 'evil'])
    await repo.git(['merge', '-q', 'evil'])
    await repo.git(['push', '-q', 'origin', 'main'])
    await addWorktree(repo, 'after')
    expect(await repo.calls()).toEqual([])
  })

  test('88: nor behind a link that came with it', async () => {
    const repo = await makeShimRepository(line, '', { binary: null })
    repo.env['PATH'] = await makeBareShellPath(repo, true)
    for (const name of ['post-checkout', 'pre-push', 'post-merge']) {
      const hook = await repo.read(`.git/hooks/${name}`)
      await repo.write(`.git/hooks/${name}`, hook.replace(/^flightrules_package=$/m, 'flightrules_package=app'))
    }
    await writeStandIn(repo, 'evil/node_modules/.bin/flightrules', 'evil ')
    await symlink('evil', join(repo.path, 'app'))
    await symlink('evil/node_modules', join(repo.path, 'node_modules'))
    await repo.git(['add', '--force', '--all'])
    await repo.git(['commit', '-q', '-m', 'evil'])
    await addWorktree(repo, 'theirs')
    await repo.git(['push', '-q', 'origin', 'main'])
    expect(await repo.calls()).toEqual([])
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
