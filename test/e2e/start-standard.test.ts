import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'

test.concurrent('--standard registers work in the main worktree: an entry and a log, no worktree and no branch', async () => {
  const project = await makeProject({ config: { ports: { PORT: 48000 }, postCreateHook: 'touch ran' } })
  const { session, path, next } = await project.start('--standard', '--goal', 'Small fix')
  expect(session).toMatchObject({
    id: 'small-fix',
    mode: 'standard',
    worktree: '.',
    branch: 'main',
    base: 'main',
    status: 'active',
    ports: {},
  })
  expect({ path, next }).toEqual({ path: project.path, next: [`cd ${project.path}`, 'claude'] })
  expect(await project.git(['worktree', 'list'])).not.toContain('\n')
  expect(await project.git(['branch', '--format=%(refname:short)'])).toBe('main')
  expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe(`?? ${session.sessionLog}`)
  expect(await readFile(join(project.path, session.sessionLog ?? ''), 'utf8')).toContain('- Small fix')
  const { json } = await project.json(['start', 'b', '--standard'])
  expect(json.error).toMatchObject({ code: 'STANDARD_EXISTS', choices: [{ flag: '--parallel' }] })
})

test.concurrent('beside a standard session others start: its log is not what makes main dirty', async () => {
  const project = await makeProject()
  await project.start('here', '--standard')
  await project.start('there')
  const { sessions, main } = await project.status()
  expect(sessions.map(({ id, mode }) => ({ id, mode }))).toEqual([
    { id: 'here', mode: 'standard' },
    { id: 'there', mode: 'parallel' },
  ])
  expect(main.clean).toBe(true)
  const { status, json } = await project.json(['start', 'again', '--standard'], project.session('there'))
  expect({ status, code: json.error.code }).toEqual({ status: 3, code: 'NESTED_SESSION' })
})

test.concurrent('ending it commits what it was told to, with the log, and drops the entry', async () => {
  const project = await makeProject()
  const { session } = await project.start('--standard', '--goal', 'Small fix')
  await project.write('fix.txt', 'fixed\n')
  const refused = await project.json(['end', session.id])
  expect({ status: refused.status, code: refused.json.error.code }).toEqual({ status: 3, code: 'UNCOMMITTED' })
  const ended = await project.json(['end', session.id, '--commit', 'fix it'])
  expect(ended.status).toBe(0)
  expect(await project.git(['status', '--porcelain'])).toBe('')
  expect(await project.git(['log', '--format=%s', '--', 'fix.txt'])).toBe('fix it')
  expect(await project.git(['show', `HEAD:${session.sessionLog}`])).toContain('# Session small-fix')
  expect((await project.status()).sessions).toEqual([])
})

test.concurrent('a project can make standard its way', async () => {
  const project = await makeProject({ config: { mode: 'standard' } })
  expect((await project.start('a')).session.mode).toBe('standard')
  expect((await project.start('b', '--parallel')).session.mode).toBe('parallel')
})
