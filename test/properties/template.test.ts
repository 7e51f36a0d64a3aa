import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { envLines } from '../../src/setup/env-lines.ts'
import { expandTemplate } from '../../src/setup/expand-template.ts'

test('text between names is untouched and each name becomes its value as it is', () => {
  const literal = fc.string().map((text) => text.replace(/[{}$]/g, ''))
  const values = { project: '{session}', session: '$1 $& \\', PORT: '3001' }
  const name = fc.constantFrom('project', 'session', 'PORT') as fc.Arbitrary<keyof typeof values>
  fc.assert(
    fc.property(fc.array(fc.tuple(literal, name)), literal, (parts, last) => {
      const template = parts.map(([text, key]) => `${text}{${key}}`).join('') + last
      expect(expandTemplate(template, values)).toBe(parts.map(([text, key]) => text + values[key]).join('') + last)
    }),
  )
})

test('whatever a value holds, a shell that reads the block gets it as data', () => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '`',
    '$(exit 9)',
    '${HOME}',
    '$HOME',
    ';',
    '&',
    '|',
    '\n',
    '\\',
    ' ',
    '#',
    '*',
    '~',
    '!',
    'a',
    '{session}',
    '>x',
  )
  const hostile = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 8, maxLength: 8 }), (texts) => {
      const values = Object.fromEntries(texts.map((text, index) => [`V${index}`, expandTemplate('{value}', { value: text })]))
      const { lines, left } = envLines(values)
      const shown = Object.keys(values).filter((name) => !left.includes(name))
      const script = `${lines.join('\n')}\n${shown.map((name) => `printf '%s\\0' "$${name}"`).join('\n')}\n`
      const output = execFileSync('/bin/sh', ['-eu', '-c', script], { encoding: 'utf8', env: { PATH: '/nowhere', HOME: '/h' } })
      expect(output).toBe(shown.map((name) => `${values[name]}\0`).join(''))
    }),
    { numRuns: 40 },
  )
})
