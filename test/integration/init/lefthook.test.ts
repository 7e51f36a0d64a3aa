import { chmod } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeRepository } from '../../support/repository.ts'
import { makeBareShellPath } from '../shims/shim-repository.ts'
import { findOnPath, fingerprint, init, order, remove, standIn } from './set-up.ts'

const config = (folder: string): string => `# checks of ours
pre-push:
  commands:
    theirs:
      run: "{ echo theirs {1}; cat; } >>'${folder}/order'; [ ! -f '${folder}/fail' ]"
      use_stdin: true
`

test('without lefthook at hand the scripts are registered and its installer is left to the person', async () => {
  const repo = await makeRepository({ files: { 'lefthook.yml': config('/tmp'), 'package.json': '{}' } })
  repo.env['PATH'] = await makeBareShellPath(repo, true)
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result).toMatchObject({ hooks: 'lefthook', changed: expect.arrayContaining(['lefthook.yml']) })
  expect(result.created).toContain('.lefthook/pre-push/flightrules.sh')
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a config in TOML is not touched and the lines to add are named', async () => {
  const repo = await makeRepository({ files: { 'lefthook.toml': '[pre-push]\n' } })
  const result = await init(repo)
  expect(result.kept).toContainEqual({ path: 'lefthook.toml', why: expect.stringContaining('use_stdin: true') })
  expect(await repo.read('lefthook.toml')).toBe('[pre-push]\n')
})

describe.skipIf(findOnPath('lefthook') === undefined)('with the real lefthook (needs lefthook on PATH)', () => {
  test('both get the list of refs, and either can stop the push', async () => {
    const repo = await makeRepository({ remote: true, files: { '.gitignore': 'node_modules\n' } })
    await repo.commit('lefthook', { 'lefthook.yml': config(repo.parent) })
    await repo.write('node_modules/.bin/flightrules', standIn(repo))
    await chmod(join(repo.path, 'node_modules/.bin/flightrules'), 0o755)
    execFileSync('lefthook', ['install'], { cwd: repo.path, env: repo.env })
    const before = await fingerprint(repo)
    const result = await init(repo)
    expect(result.hooks).toBe('lefthook')
    expect(result.created).toEqual(expect.arrayContaining(['.git/hooks/post-checkout', '.git/hooks/post-merge']))
    expect(await init(repo)).toMatchObject({ created: [], changed: [] })
    await repo.commit('set up')
    await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
    await repo.git(['push', '-q', 'origin', 'one'], join(repo.parent, 'one'))
    const refs = 'refs/heads/one <oid> refs/heads/one <oid>'
    expect(await order(repo)).toEqual(['ours post-checkout', 'theirs origin', refs, 'ours pre-push', refs])
    await repo.write(join(repo.parent, 'fail'), '')
    await expect(repo.git(['push', '-q', 'origin', 'one:two'])).rejects.toThrow()
    execFileSync('rm', [join(repo.parent, 'fail')])
    await repo.write(join(repo.parent, 'status'), '4')
    await expect(repo.git(['push', '-q', 'origin', 'one:two'])).rejects.toThrow()
    await repo.git(['worktree', 'remove', '--force', '../one'])
    await remove(repo)
    expect(await fingerprint(repo)).toEqual(before)
  })
})
