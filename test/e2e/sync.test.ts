import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { startWithWork } from '../support/session-work.ts'

test('a day with sync: fetched, with what is not committed, past a conflict, taken back', async () => {
  const project = await makeProject({ remote: true, files: { 'prices.txt': 'one\ntwo\nthree\nfour\nfive\n' } })
  const login = await startWithWork(project, 'login')
  const search = await startWithWork(project, 'search', { 'prices.txt': 'ONE\ntwo\nthree\nfour\nfive\n' })
  await project.write(join(login, 'prices.txt'), 'one\ntwo\nthree\nfour\nFIVE\n')
  const tip = await project.git(['rev-parse', 'HEAD'], login)
  const clone = join(project.parent, 'clone')
  await project.git(['clone', '--quiet', project.remotePath ?? '', clone], project.parent)
  await project.write(join(clone, 'prices.txt'), '1\ntwo\nthree\nfour\nfive\n')
  await project.git(['commit', '--quiet', '--all', '--message', 'by another'], clone)
  await project.git(['push', '--quiet', '--no-verify', 'origin', 'main'], clone)

  const all = await project.json(['sync', '--all'])
  expect([all.status, all.json.ok, all.json.error.code]).toEqual([4, false, 'SYNC_CONFLICTS'])
  expect(all.json.data['results']).toMatchObject([
    { id: 'login', outcome: 'synced', method: 'rebase', from: tip, paths: [], onto: { name: 'origin/main' } },
    { id: 'search', outcome: 'conflict', paths: ['prices.txt'], error: { code: 'MERGE_CONFLICTS' } },
  ])
  expect(await readFile(join(login, 'prices.txt'), 'utf8')).toBe('1\ntwo\nthree\nfour\nFIVE\n')
  expect(await project.git(['status', '--porcelain', '--', ':!docs'], login)).toBe(' M prices.txt')

  // in the session, for a person
  const here = await project.cli(['sync'], join(search, 'docs'))
  expect([here.status, here.stdout]).toEqual([4, ''])
  expect(here.stderr).toContain('--leave-conflicts')
  expect((await project.cli(['sync', 'search', '--leave-conflicts'])).status).toBe(4)
  expect((await project.status()).sessions.find(({ id }) => id === 'search')?.states).toEqual(['rebasing'])
  expect((await project.json(['sync', 'search'])).json.error).toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
  await project.git(['rebase', '--abort'], search)

  // what was synced goes back, with what is not committed
  expect((await project.cli(['undo'])).stdout).toContain('before it was synced')
  expect(await project.git(['rev-parse', 'HEAD'], login)).toBe(tip)
  expect(await project.git(['status', '--porcelain', '--', ':!docs'], login)).toBe(' M prices.txt')
  expect(await readFile(join(login, 'prices.txt'), 'utf8')).toBe('one\ntwo\nthree\nfour\nFIVE\n')
  await project.git(['restore', 'prices.txt'], login)
  const again = await project.cli(['sync', 'login', '--method', 'merge'])
  expect(again.stdout).toMatch(/^Synced session login with origin\/main by merge/)
  expect((await project.cli(['sync', 'login'])).stdout).toBe('Session login is up to date with origin/main.\n')
  expect((await project.cli(['sync', 'login', '--all'])).status).toBe(2)
})
