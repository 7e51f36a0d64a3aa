import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'
import { isManifest, type Manifest, type ManifestEntry, renderManifest, toManifestEntry } from '../../src/sessions/manifest.ts'
import { manifestSchema } from '../../src/sessions/manifest-schema.ts'
import { isRecord } from '../../src/sessions/record.ts'
import { recordSchema } from '../../src/sessions/record-schema.ts'
import type { Session } from '../../src/sessions/session.ts'
import { makeSessionRecord } from '../unit/sessions/session-record.ts'

const session: fc.Arbitrary<Session> = fc
  .record({
    id: fc.stringMatching(/^[a-z0-9]{1,6}$/),
    branch: fc.option(fc.string()),
    goals: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
    startedAt: fc.constantFrom('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'),
    ports: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.nat(65535)),
    lastSyncedAt: fc.option(fc.constant('2026-01-03T00:00:00Z')),
    touch: fc.array(fc.constantFrom('src/**', 'a.txt'), { maxLength: 2 }),
  })
  .map(makeSessionRecord)

const entries = fc
  .uniqueArray(session, { selector: ({ id }) => id, maxLength: 5 })
  .chain((sessions) => fc.tuple(fc.constant(sessions), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 })))
  .map(([sessions, orphaned]) =>
    sessions.map((one, index): ManifestEntry => ({
      ...toManifestEntry(one, '/w/p', `/w/s/${one.id}`),
      ...(orphaned[index] === true ? { orphaned: true } : {}),
    })),
  )
const manifest = entries.map((sessions): Manifest => ({ version: 1, project: 'p', main: '/w/p', sessions }))

/** Fields of a newer version or another tool: names we do not use, any JSON. */
const strange = fc.dictionary(
  fc.oneof(fc.stringMatching(/^x-[a-z]{0,4}$/), fc.constantFrom('constructor', 'toString', 'hasOwnProperty', '0', '10')),
  fc.jsonValue(),
  { maxKeys: 4 },
)

const parse = (text: string): z.infer<typeof manifestSchema> => z.parse(manifestSchema, JSON.parse(text))

test('what is written is valid, and written again it is the same', () => {
  fc.assert(
    fc.property(manifest, manifest, (before, now) => {
      const once = renderManifest(now, parse(renderManifest(before, undefined)))
      expect(renderManifest(now, parse(once))).toBe(once)
    }),
  )
})

test('fields we do not know survive any rewrite, at the top and in each session that stays', () => {
  fc.assert(
    fc.property(manifest, strange, fc.array(strange, { minLength: 5, maxLength: 5 }), (ours, top, each) => {
      const previous = { ...top, ...ours, sessions: ours.sessions.map((entry, index) => ({ ...each[index], ...entry })) }
      const text = renderManifest(ours, parse(JSON.stringify(previous)))
      const read = parse(text)
      expect(read).toEqual({
        ...(JSON.parse(JSON.stringify(top)) as object),
        ...(JSON.parse(JSON.stringify(ours)) as object),
        sessions: expect.anything(),
      })
      for (const [index, entry] of ours.sessions.entries()) {
        const kept = read.sessions.find(({ id }) => id === entry.id)
        expect(kept).toEqual(JSON.parse(JSON.stringify({ ...each[index], ...entry })))
      }
      expect(renderManifest(ours, read)).toBe(text)
    }),
  )
})

/** A value somewhere inside of which something was replaced by something else, or taken out. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  const anything = fc.oneof(
    fc.constantFrom(undefined, null, '', 'ok', 'active', '../x', '!x', 0, 1, -1.5, true, {}, []),
    fc.jsonValue(),
  )
  if (typeof value !== 'object' || value === null) return anything
  const inside = Object.entries(value).map(([key, part]) =>
    damaged(part).map((other) => (Array.isArray(value) ? value.with(Number(key), other) : { ...value, [key]: other })),
  )
  return fc.oneof(anything, fc.constant(value), ...inside)
}

test('the quick look at a record or manifest and the schema that explains agree, however damaged it is', () => {
  const record = {
    version: 1,
    ...makeSessionRecord({
      pr: { number: 1, url: 'u' },
      foreign: { request: 1, head: 'a'.repeat(40), from: 'ann' },
      touch: ['src/**', 'a.txt'],
      later: 1,
    } as object),
  }
  const entry = { ...toManifestEntry(makeSessionRecord(), '/w/p', '/w/s/a'), orphaned: true }
  const agree = (value: unknown): void => {
    const read: unknown = JSON.parse(JSON.stringify(value) ?? 'null')
    expect([read, isRecord(read)]).toEqual([read, z.safeParse(recordSchema, read).success])
    expect([read, isManifest(read)]).toEqual([read, z.safeParse(manifestSchema, read).success])
  }
  fc.assert(fc.property(damaged(record), agree), { numRuns: 600 })
  fc.assert(fc.property(damaged({ version: 1, project: 'p', main: '/w/p', sessions: [entry] }), agree), { numRuns: 600 })
})
