import { expect, test } from 'vitest'
import { parseIndex } from '../../../src/git/index-file.ts'

const oid = 'ab'.repeat(20)

function entry(path: string, flags = path.length): Buffer {
  const head = Buffer.alloc(62)
  head.writeUInt32BE(0o100644, 24)
  head.write(oid, 40, 'hex')
  head.writeUInt16BE(flags, 60)
  const named = Buffer.concat([head, Buffer.from(path)])
  return Buffer.concat([named, Buffer.alloc(8 - (named.length % 8))])
}

function index(entries: readonly Buffer[], { version = 2, count = entries.length, magic = 'DIRC' } = {}): Buffer {
  const head = Buffer.alloc(12)
  head.write(magic)
  head.writeUInt32BE(version, 4)
  head.writeUInt32BE(count, 8)
  return Buffer.concat([head, ...entries, Buffer.alloc(20)])
}

test('every length of a name is read, with the zeros after it', () => {
  const names = Array.from({ length: 20 }, (_, length) => 'n'.repeat(length + 1))
  const entries = parseIndex(index(names.map((name) => entry(name))), 40)
  expect([...(entries ?? [])]).toEqual(names.map((name) => [name, { mode: '100644', oid }]))
})

test('an index without entries has none', () => {
  expect(parseIndex(index([]), 40)).toEqual(new Map())
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['another file', index([], { magic: 'PACK' })],
  ['another version', index([entry('a')], { version: 4 })],
  ['one side of a conflict', index([entry('a', 0x2001)])],
  ['an entry that is longer', index([entry('a', 0x4001)])],
  ['fewer entries than it says', index([entry('a')], { count: 3 })],
  ['the half of an entry', index([entry('a')]).subarray(0, 40)],
])('%s is no index that can be read', (_name, bytes) => {
  expect(parseIndex(bytes, 40)).toBeUndefined()
})
