import { expect, test } from 'vitest'
import { namePaths, quotePath } from '../../../src/files/quote-path.ts'
import { refuseDirtyMain } from '../../../src/sessions/start-input.ts'
import { describeDirtyPush } from '../../../src/githooks/words.ts'

const forged = 'new\n  --proceed  forged'

test.each(['a.txt', 'with space.txt', 'ünï/文.md', '👩‍💻.txt', '-rf', 'a"b\\c'])('%s is itself', (path) => {
  expect(quotePath(path)).toBe(path)
})

test.each([
  [forged, '"new\\n  --proceed  forged"'],
  ['esc\u001b[2K', '"esc\\u001b[2K"'],
  ['gnp.\u202etxt', '"gnp.\\u202etxt"'],
  ['c1\u0085', '"c1\\u0085"'],
  ['two\u2028lines', '"two\\u2028lines"'],
  ['tag\u{e0041}', '"tag\\udb40\\udc41"'],
])('%j is written out, and can be read back', (path, quoted) => {
  expect(quotePath(path)).toBe(quoted)
  expect(JSON.parse(quotePath(path))).toBe(path)
})

test('a list says that there is more', () => {
  expect(namePaths(['a', forged, 'c'], 2)).toBe(`a, ${quotePath(forged)}, …`)
  expect(namePaths(['a'], 1)).toBe('a')
})

test('a file with a line end in its name adds no line to a refusal', () => {
  expect(() => refuseDirtyMain('/main', [forged], true)).toThrow(/: "new\\n {2}--proceed {2}forged"$/)
  expect(describeDirtyPush({ id: 'a', worktree: '/a', left: [forged] }).filter((line) => line.includes('\n'))).toEqual([])
})
