import fc from 'fast-check'
import { expect, test } from 'vitest'
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
