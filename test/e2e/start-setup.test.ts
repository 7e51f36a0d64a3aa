import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'

test.concurrent('a setup that fails leaves a session that works, and setup does it again', async () => {
  const project = await makeProject({
    config: { postCreateHook: ['echo first', 'echo "going wrong" >&2; test -f mended', 'touch never'], ports: { PORT: 49000 } },
  })
  const { status, stdout } = await project.cli(['start', 'a'])
  expect(status).toBe(1)
  expect(stdout).toContain('flightrules setup a')
  const path = project.session('a')
  const [session] = (await project.status()).sessions
  expect(session).toMatchObject({ states: ['setup failed'], setup: { status: 'failed' }, status: 'active' })
  expect(await readFile(session?.setup?.log ?? '', 'utf8')).toContain('going wrong')
  expect(stdout).toContain(session?.setup?.log)
  await project.commit('can be worked in', { 'work.txt': 'x\n' }, path)

  expect((await project.json(['setup', 'a'])).status).toBe(1)
  await project.write(join(path, 'mended'), '')
  const again = await project.json(['setup'], path)
  expect(again.status).toBe(0)
  expect(again.json.data).toMatchObject({ session: { setup: { status: 'ok' }, ports: session?.ports }, path })
  expect((await project.status()).sessions[0]?.states).not.toContain('setup failed')
})

test.concurrent('with --json a failed setup is still the answer of a session, and exit 1', async () => {
  const project = await makeProject({ config: { postCreateHook: 'exit 3' } })
  const { status, json } = await project.json(['start', 'a'])
  expect(status).toBe(1)
  expect(json).toMatchObject({
    ok: false,
    error: { code: 'SETUP_FAILED' },
    data: { session: { id: 'a', setup: { status: 'failed' } } },
  })
})

test.concurrent('a config that changed since it was approved is not run: exit 6, or a session without its commands', async () => {
  const project = await makeProject({ config: { postCreateHook: 'touch approved' } })
  await project.commit('another config', { 'flightrules.config.json': JSON.stringify({ postCreateHook: 'touch evil' }) })
  const refused = await project.json(['start', 'a'])
  expect({ status: refused.status, code: refused.json.error.code }).toEqual({ status: 6, code: 'CONFIG_NOT_TRUSTED' })
  expect(refused.json.error.choices).toEqual([{ flag: '--no-setup', label: expect.any(String) }])
  expect(await project.git(['branch', '--list', 'session/*'])).toBe('')

  const { session, path } = await project.start('a', '--no-setup')
  expect(session.setup?.status).toBe('untrusted')
  expect(await project.git(['status', '--porcelain'], path)).not.toMatch(/evil|approved/)
  await project.git(['worktree', 'add', '-q', '-b', 'b', join(project.parent, 'b')])
  const { sessions } = await project.status()
  expect(sessions.map(({ id, setup }) => [id, setup?.status])).toEqual([
    ['a', 'untrusted'],
    ['b', 'untrusted'],
  ])

  const { json } = await project.json(['trust', '--show'])
  const { digest } = json.data as unknown as { digest: string }
  expect((await project.json(['trust', '--digest', digest])).status).toBe(0)
  expect((await project.json(['setup', 'a'])).status).toBe(0)
  expect(await project.git(['status', '--porcelain', '--', 'evil'], path)).toBe('?? evil')
})

test.concurrent('--no-setup of an approved config skips its commands', async () => {
  const project = await makeProject({ config: { postCreateHook: 'touch ran' } })
  const { session } = await project.start('a', '--no-setup')
  expect(session.setup?.status).toBe('skipped')
  expect(await project.git(['status', '--porcelain', '--', 'ran'], project.session('a'))).toBe('')
})

test.concurrent('a function of the config runs as setup', async () => {
  const project = await makeProject({ hooks: 'none', files: { 'package.json': '{"type":"module"}\n' }, config: {} })
  await project.git(['rm', '-q', 'flightrules.config.json'])
  const config = `import { writeFileSync } from 'node:fs'
export default {
  ports: { PORT: 49500 },
  async postCreateHook({ session, worktree, ports }) {
    writeFileSync('made.txt', [session, worktree, ports.PORT, process.env.PORT, process.cwd()].join(' '))
  },
}
`
  await project.commit('config', { 'flightrules.config.mjs': config })
  const { json } = await project.json(['trust', '--show'])
  await project.cli(['trust', '--digest', String(json.data['digest'])])
  const { session, path } = await project.start('a')
  expect(session.setup?.status).toBe('ok')
  const port = session.ports['PORT']
  expect(await readFile(join(path, 'made.txt'), 'utf8')).toBe(`a ${path} ${port} ${port} ${path}`)
})

test.concurrent('secrets that were copied do not reach the log of the setup', async () => {
  const project = await makeProject({ config: { postCreateHook: 'cat .env; echo done' } })
  await project.write('.env', 'TOKEN=hunter2hunter2\n')
  const { session } = await project.start('a')
  const log = await readFile(session.setup?.log ?? '', 'utf8')
  expect(log).toContain('done')
  expect(log).not.toContain('hunter2hunter2')
})
