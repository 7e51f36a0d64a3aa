import { expect, test } from 'vitest'
import { changedPaths, parseStatus } from '../../../src/git/status.ts'

const oid = 'a'.repeat(40)
const ordinary = (states: string, path: string): string => `1 ${states} N... 100644 100644 100644 ${oid} ${oid} ${path}`
const parse = (...fields: string[]): ReturnType<typeof parseStatus> => parseStatus(fields.map((field) => `${field}\0`).join(''))

test('an unborn branch has no commit, a detached HEAD no branch', () => {
  expect(parse('# branch.oid (initial)', '# branch.head main')).toMatchObject({ head: null, branch: 'main' })
  expect(parse(`# branch.oid ${oid}`, '# branch.head (detached)')).toMatchObject({ head: oid, branch: null })
})

test('a file staged and modified again is both', () => {
  expect(parse(ordinary('MM', 'a'), ordinary('.M', 'b'), ordinary('A.', 'c'))).toMatchObject({
    staged: ['a', 'c'],
    modified: ['a', 'b'],
  })
})

test('both names of a rename count as staged', () => {
  expect(parse(`2 R. N... 100644 100644 100644 ${oid} ${oid} R100 new`, '1 old name', ordinary('.M', 'b'))).toMatchObject({
    staged: ['new', '1 old name'],
    modified: ['b'],
  })
})

test('a conflict is neither staged nor modified', () => {
  expect(parse(`u UU N... 100644 100644 100644 100644 ${oid} ${oid} ${oid} a b`)).toMatchObject({
    unmerged: ['a b'],
    staged: [],
    modified: [],
  })
})

test('paths are taken as they are', () => {
  const paths = [' lead', 'trail ', 'two\nlines', '# branch.head x', 'ümlaut', '"quoted"']
  expect(parse(...paths.map((path) => `? ${path}`)).untracked).toEqual(paths)
  expect(parse(...paths.map((path) => ordinary('.M', path))).modified).toEqual(paths)
})

test('changed paths are each path once, sorted', () => {
  expect(changedPaths(parse(ordinary('MM', 'b'), '? c', '? a'))).toEqual(['a', 'b', 'c'])
})

test('new names are those the commit does not have', () => {
  const moved = `2 R. N... 100644 100644 100644 ${oid} ${oid} R100 new`
  const changes = [ordinary('A.', 'a'), ordinary('.A', 'b'), ordinary('AD', 'c'), ordinary('MM', 'd'), moved, 'old', '? e']
  expect(parse(...changes).added).toEqual(['a', 'b', 'new'])
})

test('what git was not let into is named, once with all in it', () => {
  const warnings = [
    'd/f: Permission denied',
    "warning: could not open directory 'd/': Permission denied",
    "warning: could not open directory 'it's here/': Permission denied",
    'e/f: Permission denied',
    'warning: LF will be replaced by CRLF in a',
    "warning: unable to access '/root/.config/git/attributes': Permission denied",
  ]
  expect(parseStatus('', `${warnings.join('\n')}\n`).unread).toEqual(['d/', 'e/f', "it's here/"])
  expect(parse('? a').unread).toEqual([])
})
