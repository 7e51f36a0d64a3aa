import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadManifest } from '../../../src/sessions/load-manifest.ts'
import { loadRecord, recordFile, removeRecord, writeRecord } from '../../../src/sessions/record.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'
import { makeSessionRecord } from '../../unit/sessions/session-record.ts'
import { makeEngine } from './engine.ts'

const whole = { version: 1, project: 'p', main: '/p', sessions: [] }

async function withManifest(content: string): Promise<string> {
  const directory = await makeTemporaryDirectory('manifest')
  await writeFile(join(directory, '.manifest.json'), content)
  return directory
}

describe.concurrent('a manifest that', () => {
  it.each([
    ['is empty', ''],
    ['ends in the middle', JSON.stringify(whole).slice(0, -3)],
    ['is full of zero bytes', '\0'.repeat(100)],
    ['begins with a byte order mark', `\uFEFF${JSON.stringify(whole)}`],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['has conflict markers', `<<<<<<< ours\n${JSON.stringify(whole)}\n`],
    ['has a name twice', `${JSON.stringify(whole).slice(0, -1)},"sessions":[]}`],
    ['has a name twice in a session', JSON.stringify({ ...whole, sessions: [] }).replace('[]', '[{"id":"a","\\u0069d":"b"}]')],
    ['lacks its sessions', '{"version":1,"project":"p","main":"/p"}'],
    ['has sessions that are none', JSON.stringify({ ...whole, sessions: [{ id: 1 }] })],
    ['is of an older version than the first', JSON.stringify({ ...whole, version: 0 })],
  ])('%s is corrupt', async (_, content) => {
    expect(await loadManifest(await withManifest(content))).toMatchObject({
      state: 'corrupt',
      reason: expect.stringMatching(/./),
    })
  })

  it('is a folder is corrupt, one that is not there is none', async () => {
    const directory = await makeTemporaryDirectory('manifest')
    expect(await loadManifest(directory)).toEqual({ state: 'none', isAway: false })
    expect(await loadManifest(join(directory, 'none'))).toEqual({ state: 'none', isAway: true })
    await mkdir(join(directory, '.manifest.json'))
    expect(await loadManifest(directory)).toMatchObject({ state: 'corrupt' })
  })

  it.each([JSON.stringify({ ...whole, version: 2 }), '{"version":2}'])(
    'a newer version wrote is known as such, whatever its shape: %s',
    async (content) => {
      const directory = await withManifest(content)
      const file = join(directory, '.manifest.json')
      expect(await loadManifest(directory)).toEqual({ state: 'newer', version: 2, file })
    },
  )

  it('cannot be read is rebuilt from the worktrees, and kept aside', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await writeFile(join(engine.sessionsDir, '.manifest.json'), '{"sess')
    const { findings } = await engine.reconcile()
    expect(findings).toMatchObject([{ code: 'MANIFEST_REBUILT' }])
    expect((await engine.manifest()).sessions).toMatchObject([{ id: 'a', status: 'active' }])
    const aside = (await readdir(engine.sessionsDir)).filter((name) => name.startsWith('.manifest.json.corrupt-'))
    expect(aside).toHaveLength(1)
    expect((await engine.reconcile()).findings).toEqual([])
  })
})

describe.concurrent('a record', () => {
  it('comes back as it was written, with the fields of a newer version', async () => {
    const gitDir = await makeTemporaryDirectory('record')
    const session = { ...makeSessionRecord(), later: { x: 1 } }
    await writeRecord(gitDir, session)
    expect(await loadRecord(gitDir)).toEqual({ state: 'valid', session })
    await removeRecord(gitDir)
    await removeRecord(gitDir)
    expect(await loadRecord(gitDir)).toEqual({ state: 'none' })
  })

  it.each(['', '{', '[]', '{"version":1}', '{"version":2}'])('that is %j is unreadable, never absent', async (content) => {
    const gitDir = await makeTemporaryDirectory('record')
    await writeFile(recordFile(gitDir), content)
    expect(await loadRecord(gitDir)).toMatchObject({ state: 'unreadable' })
  })

  it('that is a folder is unreadable, never absent', async () => {
    const gitDir = await makeTemporaryDirectory('record')
    await mkdir(recordFile(gitDir))
    expect(await loadRecord(gitDir)).toMatchObject({ state: 'unreadable' })
  })
})
