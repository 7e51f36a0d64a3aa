import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeRepository } from '../support/repository.ts'
import { runCli, runJson } from '../support/run-cli.ts'

test('folder-deleted-by-hand: end says so, abandon lets it go and keeps commits and index', async () => {
  const repository = await makeRepository()
  const at = { cwd: repository.path, env: repository.env }
  const started = await runJson(['start', 'lost'], at)
  const path = String(started.json.data['path'])
  const tip = await repository.commit('work', { 'work.txt': 'work' }, path)
  await repository.write(join(path, 'staged.txt'), 'staged only')
  await repository.git(['add', 'staged.txt'], path)
  await rm(path, { recursive: true })

  const refused = await runJson(['end', 'lost'], at)
  expect(refused.status).toBe(1)
  expect(refused.json.error.code).toBe('SESSION_MISSING')
  expect(refused.json.error.choices.map((choice) => choice.flag)).toEqual(['--strategy abandon'])
  expect(await repository.git(['rev-parse', 'session/lost'])).toBe(tip)

  const ended = await runJson(['end', 'lost', '--strategy', 'abandon'], at)
  expect(ended.json.ok).toBe(true)
  expect(await repository.git(['branch', '--list', 'session/*'])).toBe('')
  expect(ended.json.data).toMatchObject({ trash: expect.stringMatching(/^lost-/) as string, purged: true })
  const [ref = ''] = (await repository.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules/trash/lost'])).split('\n')
  expect(ref.split('/').slice(-2).join('-')).toBe(ended.json.data['trash'])
  expect(await repository.git(['show', `${ref}:staged.txt`])).toBe('staged only')
  expect(await repository.git(['rev-parse', `${ref}^`])).toBe(tip)
  expect((await runJson(['status'], at)).json.data).toMatchObject({ sessions: [] })
})

test('folder-out-of-reach: a session whose whole folder tree is away is not let go', async () => {
  const repository = await makeRepository()
  const at = { cwd: repository.path, env: repository.env }
  await runCli(['start', 'far'], at)
  await rm(join(repository.parent, 'project-sessions'), { recursive: true })
  const refused = await runJson(['end', 'far', '--strategy', 'abandon'], at)
  expect(refused.status).toBe(3)
  expect(refused.json.error.code).toBe('NOT_REMOVABLE')
  expect(await repository.git(['branch', '--list', 'session/far'])).toContain('session/far')
})

test('worktree-removed-by-force: only the manifest remembers it, end drops the entry and leaves the branch', async () => {
  const repository = await makeRepository()
  const at = { cwd: repository.path, env: repository.env }
  const started = await runJson(['start', 'forced'], at)
  const path = String(started.json.data['path'])
  await repository.git(['worktree', 'remove', '--force', '--force', path])
  const before = await runJson(['status'], at)
  expect(before.json.data).toMatchObject({ sessions: [{ id: 'forced', states: ['orphaned'] }] })
  expect((await runCli(['path', 'forced'], at)).status).toBe(1)
  expect((await runCli(['end', 'forced'], at)).status).toBe(0)
  expect((await runJson(['status'], at)).json.data).toMatchObject({ sessions: [] })
  expect(await repository.git(['branch', '--list', 'session/forced'])).toContain('session/forced')
})
