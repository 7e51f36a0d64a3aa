import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeShimRepository, shells } from './shim-repository.ts'

const zero = '0'.repeat(40)

describe.each(shells)('post-checkout shim under $name', ({ line }) => {
  test("a new worktree starts the binary in it, with git's arguments", async () => {
    const repo = await makeShimRepository(line)
    const head = await repo.git(['rev-parse', 'HEAD'])
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await repo.git(['worktree', 'add', '-q', '--detach', '../two'], join(repo.parent, 'one'))
    expect(await repo.calls()).toEqual(
      ['one', 'two'].map((name) => ({ cwd: join(repo.parent, name), args: `hook post-checkout ${zero} ${head} 1`, stdin: '' })),
    )
  })

  test('nothing starts for files, for branches of the main worktree and of worktrees without a record, or in a rebase', async () => {
    const repo = await makeShimRepository(line)
    const one = join(repo.parent, 'one')
    await repo.git(['worktree', 'add', '-q', '-b', 'one', one])
    await repo.commit('on main', { other: '1\n' })
    await repo.commit('on one', { third: '1\n' }, one)
    const before = (await repo.calls()).length
    await repo.git(['checkout', '-q', '--', 'file'], one)
    await repo.git(['switch', '-q', '-c', 'elsewhere'])
    await repo.git(['switch', '-q', '-c', 'again'], one)
    await repo.git(['rebase', '-q', 'main'], one)
    expect(before).toBe(1)
    expect(await repo.calls()).toHaveLength(before)
  })

  test('a branch switch in a recorded session starts the binary, a rebase or bisect there does not', async () => {
    const repo = await makeShimRepository(line)
    const one = join(repo.parent, 'one')
    await repo.git(['worktree', 'add', '-q', '-b', 'one', one])
    const record = join(repo.path, '.git/worktrees/one/flightrules.json')
    await writeFile(record, '{}')
    await repo.git(['switch', '-q', '-c', 'two'], one)
    expect((await repo.calls())[1]).toMatchObject({ cwd: one })
    for (const busy of ['BISECT_LOG', 'rebase-merge', 'rebase-apply', 'sequencer']) {
      const path = join(repo.path, '.git/worktrees/one', busy)
      await (busy === 'BISECT_LOG' ? writeFile(path, '') : mkdir(path))
      await repo.git(['checkout', '-q', '--ignore-other-worktrees', 'main'], one)
      await rm(path, { recursive: true })
    }
    expect(await repo.calls()).toHaveLength(2)
  })

  test.each([{ FLIGHTRULES: '0' }, { FLIGHTRULES_SKIP: 'pre-push,post-checkout' }, { FLIGHTRULES_OP: 'x' }])(
    '%o switches it off',
    async (env) => {
      const repo = await makeShimRepository(line)
      Object.assign(repo.env, env)
      await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
      expect(await repo.calls()).toEqual([])
    },
  )

  test('spaces, quotes and line ends in the path change nothing', async () => {
    const repo = await makeShimRepository(line, '', { name: "it's a\nproject *" })
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one $HOME'])
    expect((await repo.calls()).map((call) => call.cwd)).toEqual([join(repo.parent, 'one $HOME')])
  })

  test('relative links between worktree and repository are followed', async () => {
    const repo = await makeShimRepository(line)
    const one = join(repo.parent, 'one')
    await repo.git(['worktree', 'add', '-q', '-b', 'one', one])
    await writeFile(join(one, '.git'), 'gitdir: ../project/.git/worktrees/one\n')
    await writeFile(join(repo.path, '.git/worktrees/one/flightrules.json'), '{}')
    await repo.git(['switch', '-q', '-c', 'two'], one)
    expect(await repo.calls()).toHaveLength(2)
  })

  test("the status of the binary is not the hook's", async () => {
    const repo = await makeShimRepository(line)
    await repo.setStatus(7)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    expect(await repo.calls()).toHaveLength(1)
  })

  test('the script around it finds its arguments, directory and settings as they were', async () => {
    const report = `\nset | grep -q '^IFS' || exit 9\nprintf '%s|%s|%s|%s' "$#" "$3" "$-" "$PWD" >"$(dirname "$PWD")/around"\nfalse\necho reached >"$(dirname "$PWD")/reached"\n`
    const repo = await makeShimRepository(line)
    const file = join(repo.path, '.git/hooks/post-checkout')
    await writeFile(file, (await readFile(file, 'utf8')).replace('\n', '\nset -eu\n') + report)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one']).catch(() => {})
    const around = (await readFile(join(repo.parent, 'around'), 'utf8')).split('|')
    expect([around[0], around[1], around[3]]).toEqual(['3', '1', join(repo.parent, 'one')])
    expect(around[2]).toMatch(/e.*u|u.*e/)
    await expect(readFile(join(repo.parent, 'reached'))).rejects.toThrow()
    expect(await repo.calls()).toHaveLength(1)
  })
})
