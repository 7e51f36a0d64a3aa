import { expect, test } from 'vitest'
import { parseDotenv } from '../../../src/setup/parse-dotenv.ts'

test('reads what dotenv files hold', () => {
  const text = [
    '\uFEFFBOM=1',
    '# comment=no',
    'export A = spaced out # comment',
    'HASH=a#b',
    "SINGLE='a \\n $b # c' # d",
    'DOUBLE="a\\n\\"b\\" \\$c"',
    'MANY="one',
    'TWO=2"',
    'EMPTY=',
    'NEXT=x\r',
    'not a line',
    '  INDENTED=y',
    'A=again',
    '__proto__=z',
  ].join('\n')
  const values = parseDotenv(text)
  expect(Object.entries(values)).toEqual([
    ['BOM', '1'],
    ['A', 'again'],
    ['HASH', 'a#b'],
    ['SINGLE', 'a \\n $b # c'],
    ['DOUBLE', 'a\n"b" $c'],
    ['MANY', 'one\nTWO=2'],
    ['EMPTY', ''],
    ['NEXT', 'x'],
    ['INDENTED', 'y'],
    ['__proto__', 'z'],
  ])
})
