import { expect, test } from 'vitest'
import * as z from 'zod'
import { radarJsonSchema } from '../../../src/sessions/radar/answer-schema.ts'

const schema = z.fromJSONSchema(radarJsonSchema())
const pair = { a: 'one', b: 'base:main', overlap: ['a'], conflict: [{ path: 'a', kind: 'content' }], documents: [] }
const envelope = { version: 1, command: 'radar', ok: true, findings: [] }

test.each([
  ['pairs', { data: { compared: 3, pairs: [pair], merged: [] } }],
  ['a field of a newer version', { data: { compared: 0, pairs: [{ ...pair, more: 1 }], merged: ['x'], more: {} }, more: true }],
  [
    'pairs of which some conflict',
    { ok: false, error: { code: 'CONFLICTS', message: '' }, data: { compared: 3, pairs: [pair], merged: [] } },
  ],
  ['a refusal', { ok: false, error: { code: 'SESSION_NOT_FOUND', message: '' } }],
])('takes %s', (_name, answer) => {
  expect(schema.safeParse({ ...envelope, ...answer }).error).toBeUndefined()
})

test.each([
  ['another command', { command: 'status' }],
  ['pairs that are not counted', { data: { pairs: [], merged: [] } }],
  [
    'a kind there is not',
    { data: { compared: 1, pairs: [{ ...pair, conflict: [{ path: 'a', kind: 'contents' }] }], merged: [] } },
  ],
  ['a path that is no text', { data: { compared: 1, pairs: [{ ...pair, overlap: [1] }], merged: [] } }],
])('does not take %s', (_name, answer) => {
  expect(schema.safeParse({ ...envelope, ...answer }).success).toBe(false)
})
