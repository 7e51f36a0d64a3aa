import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findMergedSessions } from '../../../src/sessions/find-merged.ts'
import { findConflictFailure, findUnknownAt, selectPairs } from '../../../src/sessions/radar/radar-answer.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { readStanding } from '../../../src/sessions/radar/read-standing.ts'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { readSessionBases } from '../../../src/sessions/session-bases.ts'
import { makeEngine } from '../sessions/engine.ts'

it('file-lost-from-the-repository: what could not be compared is said and not taken for clean, and the rest is told', async () => {
  const engine = await makeEngine({ files: { 'a.txt': 'a\n' } })
  for (const id of ['one', 'two']) {
    await engine.start(id)
    await engine.commit(id, { 'a.txt': `${id}\n` }, join(engine.sessionsDir, id))
  }
  const blob = await engine.git(['rev-parse', 'session/one:a.txt'])
  const kept = await readFile(join(engine.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)))
  await rm(join(engine.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)))
  const { context, set } = await engine.open()
  const { report, findings } = await readSessions(context, set)
  expect(findings).toMatchObject([{ code: 'NOT_COMPARED', details: { id: 'one', others: ['two'] } }])
  const { pairs } = await readRadar(context, { sessions: set.registered })
  const answer = selectPairs(pairs, context.loaded.config)
  expect(answer.pairs).toEqual([{ a: 'one', b: 'two', overlap: ['a.txt'], conflict: [], unknown: true, documents: [] }])
  expect(findConflictFailure(answer.pairs)).toMatchObject({ code: 'NOT_COMPARED', exitStatus: 1 })
  expect(findUnknownAt(['a.txt'], pairs)).toMatchObject({ code: 'NOT_COMPARED' })
  expect(findUnknownAt(['other.txt'], pairs)).toBeUndefined()
  expect(report.sessions.map(({ id, ahead, conflicts }) => ({ id, ahead, conflicts }))).toEqual([
    { id: 'one', ahead: 1, conflicts: [] },
    { id: 'two', ahead: 1, conflicts: [] },
  ])

  const standingOf = async (id: string) => {
    const bases = await readSessionBases(context.git, set.registered)
    const entry = await engine.session(id)
    return readStanding(context, { entry, sessions: set.registered, bases, as: 'committed' })
  }
  expect((await standingOf('one')).baseUnknown).toBeNull()
  await engine.commit('base', { 'a.txt': 'base\n' })
  expect((await standingOf('one')).baseUnknown).toMatchObject({ code: 'NOT_COMPARED' })
  expect(await standingOf('two')).toMatchObject({ base: ['a.txt'], baseUnknown: null })

  const again = await engine.open()
  const found = await readSessions(again.context, again.set)
  expect(found.findings).toMatchObject([{ code: 'NOT_COMPARED', details: { id: 'one', others: ['two', 'base:main'] } }])
  expect(found.report.sessions).toMatchObject([
    { id: 'one', ahead: null, behind: null, states: ['unreadable'] },
    { id: 'two', ahead: 1, behind: 1, states: ['active'], conflicts: [{ with: 'base:main', paths: ['a.txt'] }] },
  ])
  expect(await findMergedSessions(again.context, again.set)).toEqual([])

  await writeFile(join(engine.commonDir, 'objects', blob.slice(0, 2), blob.slice(2)), kept)
  const mended = await engine.open()
  expect((await readSessions(mended.context, mended.set)).report.sessions).toMatchObject([
    { id: 'one', ahead: 1, behind: 1, states: ['active'] },
    { id: 'two' },
  ])
})

it('history-of-the-base-on-its-remote-lost: nobody is taken for merged or open, and all is said of everybody', async () => {
  const engine = await makeEngine({ files: { 'a.txt': 'a\n' } })
  for (const id of ['one', 'two']) {
    await engine.start(id)
    await engine.commit(id, { [`${id}.txt`]: '' }, join(engine.sessionsDir, id))
  }
  await engine.start('elsewhere', { base: 'session/one' })
  const ahead = await engine.git(['commit-tree', '-p', 'main', '-m', 'first', 'main^{tree}'])
  const tip = await engine.git(['commit-tree', '-p', ahead, '-m', 'second', 'main^{tree}'])
  await engine.git(['config', 'remote.origin.url', 'nowhere'])
  await engine.commit('base', { 'b.txt': '' })
  await engine.git(['update-ref', 'refs/remotes/origin/main', tip])
  await rm(join(engine.commonDir, 'objects', ahead.slice(0, 2), ahead.slice(2)))
  const { context, set } = await engine.open()
  const { report, findings } = await readSessions(context, set)
  expect(findings.map(({ code, details }) => `${code} ${String(details?.['id'])}`).toSorted()).toEqual([
    'HISTORY_UNREADABLE one',
    'HISTORY_UNREADABLE two',
  ])
  expect(report.sessions.map(({ id, states }) => `${id}: ${states.join()}`).toSorted()).toEqual([
    'elsewhere: active',
    'one: unreadable',
    'two: unreadable',
  ])
})
