import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeShimRepository, shells } from './shim-repository.ts'

const keepInput = '\nset -e\ncat >"$(git rev-parse --path-format=absolute --git-common-dir)/theirs"\n'

describe.each(shells)('pre-push shim under $name', ({ line }) => {
  test('without any worktree the binary is not started and the input is whole', async () => {
    const repo = await makeShimRepository(line, keepInput)
    await repo.git(['push', '-q', 'origin', 'HEAD:refs/heads/x'])
    expect(await repo.calls()).toEqual([])
    expect(await repo.read('.git/theirs')).toMatch(/^HEAD [0-9a-f]{40} refs\/heads\/x 0{40}\n$/)
  })

  test('binary and the script around it both get the list of refs', async () => {
    const repo = await makeShimRepository(line, keepInput)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await repo.git(['push', '-q', 'origin', 'one', 'HEAD:refs/heads/x'], join(repo.parent, 'one'))
    const call = (await repo.calls()).at(-1)
    expect(call?.args).toBe(`hook pre-push origin ${repo.remotePath}`)
    expect(call?.cwd).toBe(join(repo.parent, 'one'))
    expect(call?.stdin.split('\n')).toHaveLength(3)
    expect(await repo.read('.git/theirs')).toBe(call?.stdin)
  })

  test('the status of the binary ends the hook, and with it the push', async () => {
    const repo = await makeShimRepository(line, keepInput)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await repo.setStatus(3)
    await expect(repo.git(['push', '-q', 'origin', 'one'])).rejects.toThrow()
    await expect(readFile(join(repo.path, '.git/theirs'))).rejects.toThrow()
    expect(await repo.git(['ls-remote', 'origin', 'one'])).toBe('')
  })

  test('a script around it that fails still stops the push', async () => {
    const repo = await makeShimRepository(line, '\nexit 4\n')
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await expect(repo.git(['push', '-q', 'origin', 'one'])).rejects.toThrow()
  })

  test('hundreds of refs reach both', async () => {
    const repo = await makeShimRepository(line, keepInput)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    const head = await repo.git(['rev-parse', 'HEAD'])
    const input = Array.from({ length: 800 }, (_, index) => `create refs/heads/many/${index} ${head}\n`).join('')
    await repo.write(join(repo.parent, 'refs'), input)
    await repo.git(['-c', 'alias.many=!git update-ref --stdin <../refs', 'many'])
    await repo.git(['push', '-q', 'origin', 'refs/heads/many/*:refs/heads/many/*'])
    const call = (await repo.calls()).at(-1)
    expect(call?.stdin.split('\n')).toHaveLength(801)
    expect(await repo.read('.git/theirs')).toBe(call?.stdin)
  })

  test('an empty list is empty for both', async () => {
    const repo = await makeShimRepository(line, keepInput)
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await repo.git(['push', '-q', 'origin', 'main'])
    expect((await repo.calls()).at(-1)).toMatchObject({ args: `hook pre-push origin ${repo.remotePath}`, stdin: '' })
    expect(await repo.read('.git/theirs')).toBe('')
  })
})
