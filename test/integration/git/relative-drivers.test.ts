import { expect, test } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { overrideRelativeDrivers } from '../../../src/git/relative-drivers.ts'
import { makeRepository } from '../../support/repository.ts'

test('programs within the worktree are not run, those of the machine are', async () => {
  const repo = await makeRepository({ files: { 'strip.py': 'x\n' } })
  const settings: [string, string, boolean][] = [
    ['filter.lfs.process', 'git-lfs filter-process', false],
    ['filter.own.clean', '/opt/own/clean %f', false],
    ['filter.home.clean', '~/bin/clean', false],
    ['filter.top.clean', 'python3 strip.py', true],
    ['filter.a.b.smudge', "sh -c 'tools/smudge'", true],
    ['filter.dot.process', './tools/process', true],
    ['diff.doc.textconv', 'bash tools/text.sh', true],
    ['merge.doc.driver', 'node ../merge.js %A %B', true],
  ]
  for (const [key, command] of settings) await repo.git(['config', key, command])
  const git = new Git(repo.path, repo.env)
  const keys = (await overrideRelativeDrivers(git, 'HEAD')).map(({ key }) => key)
  for (const [key, , isTheirs] of settings) expect([key, keys.includes(key)]).toEqual([key, isTheirs])
  expect(keys).toContain('filter.a.b.required')
  expect((await overrideRelativeDrivers(git, null)).map(({ key }) => key)).not.toContain('filter.top.clean')
})
