import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { recordFile } from '../../../src/sessions/record.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

let engine: Engine

beforeEach(async () => {
  engine = await makeEngine({
    files: { 'src/a.ts': 'a\n', 'src/b.ts': 'b\n', 'docs/a.md': 'a\n' },
    config: { stale: { days: 3, behind: 2 } },
  })
  await engine.start('auth')
  await writeFile(join(engine.sessionsDir, 'auth', 'src/a.ts'), 'changed\n')
})

async function statusFindings() {
  const { context, set } = await engine.open()
  return (await readSessions(context, set)).findings
}

it('declared-and-changed-by-another: said at the start, kept in record and manifest, and by status until both change it', async () => {
  const { session, findings } = await engine.start('api', { touch: ['src/**'] })
  const told = { code: 'TOUCH_OVERLAP', details: { id: 'api', sessions: [{ id: 'auth', paths: ['src/a.ts'], globs: [] }] } }
  expect(findings).toMatchObject([told])
  expect(session.touch).toEqual(['src/**'])
  expect((await engine.session('api')).session.touch).toEqual(['src/**'])
  expect((await engine.manifest()).sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toMatchObject([
    { id: 'api', touch: ['src/**'] },
    { id: 'auth', touch: [] },
  ])
  expect(await statusFindings()).toMatchObject([told])
  await writeFile(join(engine.sessionsDir, 'api', 'src/a.ts'), 'here too\n')
  expect(await statusFindings()).toEqual([])
})

it('declared-by-both: said to whoever comes second', async () => {
  await engine.start('one', { touch: ['docs'] })
  const { findings } = await engine.start('two', { touch: ['docs/*.md', 'other/**'] })
  expect(findings).toMatchObject([
    { hint: 'flightrules radar two', details: { sessions: [{ id: 'one', paths: [], globs: ['docs/*.md'] }] } },
  ])
})

it('nothing-in-common: nothing is said', async () => {
  expect((await engine.start('docs', { touch: ['docs/**'] })).findings).toEqual([])
  expect(await statusFindings()).toEqual([])
})

it('glob-outside: refused before anything is made', async () => {
  await expect(engine.start('bad', { touch: ['../x'] })).rejects.toMatchObject({ code: 'INVALID_TOUCH', kind: 'usage' })
  expect((await engine.open()).set.registered.map(({ session }) => session.id)).toEqual(['auth'])
})

it('record-of-an-earlier-version: has no intention and is read', async () => {
  const { gitDir } = await engine.session('auth')
  expect(JSON.parse(await readFile(recordFile(gitDir), 'utf8'))).not.toHaveProperty('touch')
})

it('others-are-stale: said to whoever starts, with what is to be done', async () => {
  await engine.commit('one', { 'x.txt': '1\n' })
  await engine.commit('two', { 'x.txt': '2\n' })
  const stale = { code: 'STALE_SESSIONS', message: 'stale: auth (2 commits behind main)', hint: 'flightrules sync auth' }
  expect((await engine.start('new')).findings).toMatchObject([stale])
  expect(await statusFindings()).toMatchObject([stale])
})
