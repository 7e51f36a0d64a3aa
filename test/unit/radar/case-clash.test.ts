import { expect, test } from 'vitest'
import type { PathChange } from '../../../src/git/path-changes.ts'
import { findCaseClashes } from '../../../src/radar/case-clash.ts'
import { collectChanges, collectDirty, type DirtyPaths } from '../../../src/radar/overlap.ts'

const committed = (...changes: PathChange[]) => collectChanges(changes)
const dirty = (changes: Partial<DirtyPaths>) => {
  const { added = [], deleted = [], paths = [] } = changes
  return collectDirty({ added, deleted, paths: [...paths, ...added, ...deleted] })
}

test('two new files of names that differ in case, or in how letters are composed', () => {
  expect(findCaseClashes([committed({ path: 'A', how: 'added' })], [dirty({ added: ['a', 'b'] })])).toEqual([['A', 'a']])
  const [composed, decomposed] = ['\u00FC', 'u\u0308']
  expect(findCaseClashes([dirty({ added: [composed] })], [dirty({ added: [decomposed] })])).toEqual([[composed, decomposed]])
})

test('a new name only its case keeps apart from a file the other one edits, committed or not', () => {
  const renamed = [committed({ path: 'A', how: 'renamed', from: 'a' }), dirty({ deleted: ['a'], added: ['A'] })]
  const edited = [committed({ path: 'a', how: 'modified' }), dirty({ paths: ['a'] })]
  for (const one of renamed) {
    for (const other of edited) {
      expect(findCaseClashes([one], [other])).toEqual([['A', 'a']])
      expect(findCaseClashes([other], [one])).toEqual([['a', 'A']])
    }
  }
})

test('files that were there before anybody began are no news, and neither is what both have', () => {
  expect(findCaseClashes([dirty({ paths: ['A'] })], [dirty({ paths: ['a'] })])).toEqual([])
  const both = dirty({ added: ['A', 'b'] })
  expect(findCaseClashes([both], [both])).toEqual([])
})

test('a name that was given up again is in nobody’s way', () => {
  const taken = [committed({ path: 'A', how: 'added' }), dirty({ deleted: ['A'] })]
  expect(findCaseClashes(taken, [dirty({ added: ['a'] })])).toEqual([])
  const again = [committed({ path: 'A', how: 'deleted' }), dirty({ added: ['A'] })]
  expect(findCaseClashes(again, [dirty({ added: ['a'] })])).toEqual([['A', 'a']])
})
