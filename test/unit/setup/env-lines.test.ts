import { expect, test } from 'vitest'
import { envLines, quoteEnvValue } from '../../../src/setup/env-lines.ts'

test.each([
  ['3001', '3001'],
  ['postgres://h:5432/a_b-c?', `'postgres://h:5432/a_b-c?'`],
  ['', `''`],
  ['a $b `c` "d" # e \\n', `'a $b \`c\` "d" # e \\n'`],
  [`it's`, `"it's"`],
  ['two\nlines', `'two\nlines'`],
])('%j is written as %s', (value, written) => {
  expect(quoteEnvValue(value)).toBe(written)
})

test.each([
  ['a backslash at the end hides the closing quote from dotenv and compose', 'C:\\dir\\'],
  ['a single quote beside something double quotes expand', `it's $5`],
  ['dotenv turns a carriage return into a line end', 'a\rb'],
  ['a line that would end the block', 'a\n# <<< flightrules <<<\nb'],
])('cannot be carried: %s', (_why, value) => {
  expect(quoteEnvValue(value)).toBeUndefined()
})

test('a name that is no variable is left out and named', () => {
  expect(envLines({ 'a b': '1', 'X;rm': '2', OK: '3' })).toEqual({ lines: ['OK=3'], left: ['a b', 'X;rm'] })
})
