import { describe, expect, it } from 'vitest'
import { type Manifest, renderManifest, toManifestEntry } from '../../../src/sessions/manifest.ts'
import { makeSessionRecord } from './session-record.ts'

const manifest = (...sessions: Manifest['sessions']): Manifest => ({ version: 1, project: 'p', main: '/w/p', sessions })
const entry = (id: string, startedAt = '2026-01-01T00:00:00Z') =>
  toManifestEntry(makeSessionRecord({ id, startedAt }), '/w/p', `/w/p-sessions/${id}`)

describe('an entry', () => {
  it('names the worktree as seen from the main one, and env files without what is in them', () => {
    expect(entry('a')).toMatchObject({ worktree: '../p-sessions/a', envFiles: ['.env'] })
    expect(toManifestEntry(makeSessionRecord(), '/w/p', '/w/p').worktree).toBe('.')
    expect(JSON.stringify(entry('a'))).not.toContain('bbbb')
  })

  it('says nothing that is only the record’s', () => {
    expect(Object.keys(entry('a'))).not.toEqual(expect.arrayContaining(['uuid']))
    expect(Object.keys(entry('a'))).not.toEqual(expect.arrayContaining(['ownsBranch']))
  })
})

describe('the text', () => {
  it('is in the order the sessions began', () => {
    const text = renderManifest(manifest(entry('b'), entry('c', '2025-01-01T00:00:00Z'), entry('a')), undefined)
    expect((JSON.parse(text) as Manifest).sessions.map(({ id }) => id)).toEqual(['c', 'a', 'b'])
  })

  it('keeps fields of others, also those named like something every object has', () => {
    const ours = entry('a')
    const previous = { ...manifest(ours), sessions: [{ ...ours, toString: 1, color: 'red' }], constructor: 2 }
    const text = renderManifest(manifest(ours), previous as never)
    expect(JSON.parse(text)).toMatchObject({ constructor: 2, sessions: [{ toString: 1, color: 'red' }] })
  })

  it('forgets that a session was orphaned once it is back', () => {
    const ours = entry('a')
    const previous = { ...manifest(ours), sessions: [{ ...ours, orphaned: true }] }
    expect(renderManifest(manifest(ours), previous as never)).not.toContain('orphaned')
  })
})
