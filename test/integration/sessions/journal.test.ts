import { randomUUID } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/operations/journal.ts'
import type { Step } from '../../../src/operations/plan.ts'
import { readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { planRemoval } from '../../../src/sessions/removal/removal-operation.ts'
import { type RemovalFacts, toFacts } from '../../../src/sessions/removal/removal-facts.ts'
import { lockReason } from '../../../src/sessions/lock-reason.ts'
import { makeEngine, type Engine } from './engine.ts'

const journalOf = (engine: Engine): string => join(engine.commonDir, 'flightrules', 'journal')

async function writeEntry(engine: Engine, entry: unknown, name = (entry as JournalEntry).op): Promise<void> {
  await mkdir(journalOf(engine), { recursive: true })
  await writeFile(join(journalOf(engine), `${name}.json`), typeof entry === 'string' ? entry : JSON.stringify(entry))
}

/** An entry whose process is surely gone: its number is ours, its start another. */
async function deadEntry(entry: Partial<JournalEntry>): Promise<JournalEntry> {
  const owner = { ...(await readOwnIdentity()), startTime: '1' }
  return { version: 1, op: randomUUID(), kind: 'remove', at: '2026-01-02T03:04:05Z', owner, steps: [], facts: {}, ...entry }
}

/** What a removal of session `a` writes into the journal. */
async function removalOf(engine: Engine): Promise<RemovalFacts> {
  const { session, worktree, gitDir } = await engine.session('a')
  return {
    item: {
      version: 1,
      trash: 'a-20260102t030405678z',
      id: 'a',
      at: '2026-01-02T03:04:05.678Z',
      reason: 'abandoned',
      branch: 'session/a',
      head: worktree.head,
      ref: 'refs/flightrules/trash/a/20260102t030405678z',
      path: join(engine.sessionsDir, '.trash', 'a-20260102t030405678z'),
      from: worktree.path,
      gitDir,
      record: null,
    },
    uuid: session.uuid,
    lockedBefore: lockReason('a'),
    deleteBranch: true,
    event: 'ended',
    details: {},
  }
}

async function stateOf(engine: Engine): Promise<unknown> {
  const refs = await engine.git(['for-each-ref'])
  return [refs, await engine.git(['worktree', 'list', '--porcelain']), await readdir(engine.parent, { recursive: true })]
}

describe.concurrent('a journal file that is strange', () => {
  it.each([
    ['no JSON', '{"version": 1, "op'],
    ['NUL bytes', '\0\0\0'],
    ['null', 'null'],
    ['a list', '[]'],
    ['without steps', { version: 1, op: 'x', kind: 'remove' }],
    ['named otherwise', { version: 1, op: randomUUID(), kind: 'remove', at: '', owner: {}, steps: [], facts: {} }],
  ])('is set aside, named and not acted on: %s', async (_, content) => {
    const engine = await makeEngine()
    await engine.start('a')
    const before = await stateOf(engine)
    await writeEntry(engine, content, randomUUID())
    const { findings } = await engine.reconcile()
    expect(findings).toMatchObject([{ code: 'JOURNAL_QUARANTINED' }])
    expect(await readdir(join(journalOf(engine), 'quarantine'))).toHaveLength(1)
    expect((await engine.reconcile()).findings).toEqual([])
    await engine.git(['fsck', '--strict'])
    expect((await stateOf(engine)) as string[]).toMatchObject([(before as string[])[0], (before as string[])[1], {}])
  })

  const forgeries: readonly (readonly [string, (facts: RemovalFacts, engine: Engine) => Record<string, unknown>])[] = [
    ['the root', () => ({ from: '/', path: '/' })],
    ['the home directory', (_, engine) => ({ from: join(engine.parent, 'home') })],
    ['the main worktree', (_, engine) => ({ from: engine.path })],
    ['a parent of it', (_, engine) => ({ from: engine.parent })],
    ['a detour', ({ item }) => ({ from: `${item.from}/../..` })],
    ['a relative path', () => ({ from: '..' })],
    ['another place than a trash', (_, engine) => ({ path: join(engine.parent, 'elsewhere', 'a-20260102t030405678z') })],
    ['the repository', (_, engine) => ({ gitDir: engine.commonDir })],
    ['a branch as snapshot', () => ({ ref: 'refs/heads/main' })],
    ['no commit', () => ({ head: '--upload-pack=touch' })],
  ]

  it.each(forgeries)('never moves or deletes %s', async (_, forge) => {
    const engine = await makeEngine()
    await engine.start('a')
    const facts = await removalOf(engine)
    const before = await stateOf(engine)
    const forged = { ...facts, item: { ...facts.item, ...forge(facts, engine) } } as RemovalFacts
    const entry = await deadEntry({ steps: planRemoval(forged), facts: toFacts(forged) })
    await writeEntry(engine, entry)
    const { findings, set } = await engine.reconcile()
    // one that looks like ours is undone, and there is nothing to undo
    expect(['JOURNAL_QUARANTINED', 'RECOVERED', 'RECOVERY_FAILED']).toContain(findings[0]?.code)
    expect(set.registered.map(({ session }) => session.id)).toEqual(['a'])
    expect(((await stateOf(engine)) as string[]).slice(0, 2)).toEqual((before as string[]).slice(0, 2))
    expect(await readdir(engine.path)).toContain('README.md')
  })

  it('of a kind there is not, or with a step its kind has not, is set aside', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const facts = await removalOf(engine)
    await writeEntry(engine, await deadEntry({ kind: 'format-disk' }))
    const steps = [{ kind: 'rm', undo: '', path: '/' }, ...planRemoval(facts)]
    await writeEntry(engine, await deadEntry({ steps, facts: toFacts(facts) }))
    const { findings } = await engine.reconcile()
    expect(findings.map(({ code }) => code)).toEqual(['JOURNAL_QUARANTINED', 'JOURNAL_QUARANTINED'])
  })

  it('that would take back a start of a session that lives takes nothing back', async () => {
    const engine = await makeEngine()
    const { session, path } = await engine.start('a')
    const steps: Step[] = [
      { kind: 'create-branch', branch: session.branch, oid: session.baseCommit, undo: '' },
      { kind: 'add-worktree', path, branch: session.branch, id: 'a', key: session.uuid, branchIs: 'new', undo: '' },
      { kind: 'write-record', undo: '' },
    ]
    const other = { version: 1, ...session, uuid: randomUUID() }
    for (const forged of [other, { version: 1, ...session, id: '..' }]) {
      const facts = { id: 'a', uuid: forged.uuid, path, session: forged } as unknown as JournalEntry['facts']
      await writeEntry(engine, await deadEntry({ kind: 'start', steps, facts }))
      await engine.reconcile()
      expect(await readdir(path)).toContain('README.md')
      expect((await engine.session('a')).session.uuid).toBe(session.uuid)
    }
  })
})

describe.concurrent('an operation of another process', () => {
  it('is left to it while it lives', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const facts = await removalOf(engine)
    const entry = await deadEntry({ steps: planRemoval(facts), facts: toFacts(facts), owner: await readOwnIdentity() })
    await writeEntry(engine, entry)
    expect((await engine.reconcile()).findings).toEqual([])
    expect(await readdir(journalOf(engine))).toEqual([`${entry.op}.json`])
  })

  it('is left alone and named when it runs where nobody can look', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const facts = await removalOf(engine)
    const entry = await deadEntry({ steps: planRemoval(facts), facts: toFacts(facts) })
    await writeEntry(engine, { ...entry, owner: { ...entry.owner, host: 'elsewhere' } })
    const { findings } = await engine.reconcile()
    expect(findings).toMatchObject([{ code: 'OPERATION_OUT_OF_SIGHT' }])
    expect(findings[0]?.message).toContain('elsewhere')
    expect(await readdir(journalOf(engine))).toEqual([`${entry.op}.json`])
  })

  it('that died before it did anything leaves no trace', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const facts = await removalOf(engine)
    const before = await stateOf(engine)
    await writeEntry(engine, await deadEntry({ steps: planRemoval(facts), facts: toFacts(facts) }))
    const { findings } = await engine.reconcile()
    expect(findings).toMatchObject([{ code: 'RECOVERED', message: expect.stringContaining('taken back') as string }])
    expect(((await stateOf(engine)) as string[]).slice(0, 2)).toEqual((before as string[]).slice(0, 2))
    expect(await readdir(journalOf(engine))).toEqual([])
  })
})
