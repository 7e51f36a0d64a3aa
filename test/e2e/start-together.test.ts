import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'

interface Manifest {
  readonly sessions: readonly { readonly id: string; readonly ports: { readonly PORT: number }; readonly sessionLog: string }[]
}

test('twelve starts at once give twelve sessions with a port and a log each, and no stray branch', async () => {
  const project = await makeProject({ config: { ports: { PORT: 45000 } } })
  const ids = Array.from({ length: 12 }, (_, index) => `s${index}`)
  const results = await Promise.all(ids.map((id) => project.cli(['start', id])))
  expect(results.map(({ status }) => status)).toEqual(ids.map(() => 0))
  const { sessions } = JSON.parse(await readFile(join(`${project.path}-sessions`, '.manifest.json'), 'utf8')) as Manifest
  expect(sessions.map((session) => session.id).toSorted()).toEqual(ids.toSorted())
  expect(new Set(sessions.map((session) => session.ports.PORT)).size).toBe(12)
  expect(new Set(sessions.map((session) => session.sessionLog)).size).toBe(12)
  const branches = (await project.git(['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/heads/session'])).split('\n')
  expect(branches.toSorted()).toEqual(ids.toSorted())
  expect(await project.git(['fsck', '--no-progress', '--no-dangling'])).toBe('')
  const { sessions: seen } = await project.status()
  expect(seen.map((session) => session.states)).toEqual(ids.map(() => ['active']))
})

test('of eight starts with one name at once exactly one succeeds', async () => {
  const project = await makeProject()
  const results = await Promise.all(Array.from({ length: 8 }, () => project.json(['start', 'same'])))
  expect(results.filter(({ status }) => status === 0)).toHaveLength(1)
  expect(new Set(results.filter(({ status }) => status !== 0).map(({ json }) => json.error.code))).toEqual(
    new Set(['SESSION_EXISTS']),
  )
  expect((await project.status()).sessions.map((session) => session.id)).toEqual(['same'])
})

test('starts and plain git worktree add at once all become sessions with ports of their own', async () => {
  const project = await makeProject({ config: { ports: { PORT: 46000 } } })
  const adds = Array.from({ length: 3 }, async (_, index) => {
    // git's own parallel worktree add fails now and then, with or without us: one after the other here
    await project.cli(['start', `cli${index}`])
  })
  const plain = (async () => {
    for (let index = 0; index < 3; index += 1) {
      const path = join(project.parent, `plain${index}`)
      await project.git(['worktree', 'add', '-q', '--no-track', '-b', `plain${index}`, path])
    }
  })()
  await Promise.all([...adds, plain])
  const { sessions } = await project.status()
  expect(sessions.map((session) => session.id).toSorted()).toEqual(['cli0', 'cli1', 'cli2', 'plain0', 'plain1', 'plain2'])
  expect(new Set(sessions.map((session) => session.ports['PORT'])).size).toBe(6)
})
