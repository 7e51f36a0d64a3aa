import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { runProgram } from '../support/run-cli.ts'

test('an abandoned session is listed, comes back, goes again, and comes back from its snapshot', async () => {
  const project = await makeProject({ config: { ports: { PORT: { from: 43_100, to: 43_199 } } } })
  const { path, session } = await project.start('login', '--goal', 'Log in')
  await project.write(join(path, 'draft.txt'), 'draft\n')
  await project.write(join(path, 'certificate.pem'), 'secret\n')
  await project.write(join(path, '.git-ignored'), 'x\n')
  await project.git(['add', 'draft.txt'], path)
  const status = await project.git(['status', '--porcelain'], path)
  await project.json(['end', 'login', '--strategy', 'abandon'])

  const listed = await project.json(['restore', '--list'])
  const [item] = (listed.json.data as unknown as { items: Record<string, unknown>[] }).items
  expect(item).toMatchObject({ id: 'login', reason: 'abandoned', branch: 'session/login', folder: 'there', keep: false })
  expect([typeof item?.['trash'], typeof item?.['purgeAfter'], typeof item?.['bytes']]).toEqual(['string', 'string', 'number'])

  const plan = await project.json(['restore', 'login', '--dry-run'])
  const steps = (plan.json.data as unknown as { plan: { steps: { kind: string }[] } }).plan.steps
  expect(steps.map(({ kind }) => kind)).toContain('move-from-trash')
  expect((await project.status()).sessions).toEqual([])

  const restored = await project.json(['restore', 'login'])
  expect(restored.json.data).toMatchObject({ path, next: [`cd ${path}`, 'claude'], session: { id: 'login', goals: ['Log in'] } })
  expect(await project.git(['status', '--porcelain'], path)).toBe(status)
  expect((await project.status()).sessions).toMatchObject([{ id: 'login', ports: session.ports, states: ['active'] }])

  await project.json(['end', 'login', '--strategy', 'abandon'])
  expect(await project.json(['trash', '--purge', 'login'])).toMatchObject({
    status: 0,
    json: { data: { results: [{ id: 'login', outcome: 'purged' }] } },
  })
  expect((await project.json(['trash'])).json.data).toMatchObject({ items: [{ folder: 'gone', purgeAfter: null, bytes: 0 }] })
  await project.json(['restore', 'login'])
  expect(await project.git(['status', '--porcelain'], path)).toBe(status)
  expect(await readFile(join(path, 'certificate.pem'), 'utf8')).toBe('secret\n')
  expect(await readFile(join(path, '.env.local'), 'utf8')).toContain(`PORT=${session.ports['PORT']}`)
})

test('where the name is taken the way out is a flag, and --yes takes it', async () => {
  const project = await makeProject()
  await project.start('login')
  await project.json(['end', 'login', '--strategy', 'abandon'])
  await mkdir(project.session('login'), { recursive: true })
  expect(await project.json(['restore', 'login'])).toMatchObject({
    status: 3,
    json: { error: { code: 'RESTORE_OCCUPIED', choices: [{ flag: '--as login-2' }] } },
  })
  expect(await project.json(['restore', 'login', '--yes'])).toMatchObject({
    status: 0,
    json: { data: { session: { id: 'login-2', branch: 'session/login-2' } } },
  })
})

test('what is not there, or not said, is an error that names what there is', async () => {
  const project = await makeProject()
  expect(await project.json(['restore', 'nothing'])).toMatchObject({ status: 2, json: { error: { code: 'TRASH_NOT_FOUND' } } })
  expect(await project.json(['trash', '--keep'])).toMatchObject({ status: 2, json: { error: { code: 'TRASH_NEEDED' } } })
  expect(await project.json(['trash', '--discard'])).toMatchObject({ status: 2, json: { error: { code: 'USAGE' } } })
  await project.start('login')
  await project.json(['end', 'login', '--strategy', 'abandon'])
  expect(await project.json(['restore'])).toMatchObject({
    status: 3,
    json: { error: { code: 'TRASH_NEEDED', choices: [{ flag: expect.stringMatching(/^--trash login-/) }] } },
  })
})

test('what a snapshot cannot hold stays until somebody decides', async () => {
  const project = await makeProject()
  const { path } = await project.start('login')
  await project.git(['init', '--quiet', join(path, 'nested')])
  await project.json(['end', 'login', '--strategy', 'abandon'])
  expect(await project.json(['trash', '--purge', 'login'])).toMatchObject({
    status: 3,
    json: { error: { code: 'UNCAPTURED', choices: [{ flag: '--keep' }, { flag: '--discard' }] } },
  })
  expect(await project.json(['trash', '--purge', 'login', '--keep'])).toMatchObject({ status: 0 })
  expect((await project.json(['trash'])).json.data).toMatchObject({ items: [{ folder: 'there', keep: true, purgeAfter: null }] })
  expect(await project.json(['trash', '--purge', 'login', '--discard'])).toMatchObject({ status: 0 })
})

test('plain git finds everything in the snapshot of a folder that was deleted', async () => {
  const project = await makeProject()
  const { path } = await project.start('login')
  await project.write(join(path, 'draft.txt'), 'draft\n')
  await project.write(join(path, '.env'), 'MINE=1\n')
  const { json } = await project.json(['end', 'login', '--strategy', 'abandon'])
  const { trash } = json.data as unknown as { trash: string }
  await project.json(['trash', '--purge', 'login'])
  const guide = await readFile(join(import.meta.dirname, '../../docs/safety.md'), 'utf8')
  const block = /rest=[^]*?(?=```)/.exec(guide)?.[0] ?? ''
  await mkdir(join(project.parent, 'somewhere'))
  const script = `trash=refs/flightrules/trash/login/${trash.slice('login-'.length)}\n${block}`
  expect(await runProgram('sh', ['-ec', script], { cwd: project.path, env: project.env })).toMatchObject({ status: 0 })
  expect(await project.read(join(project.parent, 'somewhere/files/.env'))).toBe('MINE=1\n')
  expect(await project.read(join(project.parent, 'somewhere/files/draft.txt'))).toBe('draft\n')
})
