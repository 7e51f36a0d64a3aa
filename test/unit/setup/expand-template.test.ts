import { expect, test } from 'vitest'
import { expandTemplate } from '../../../src/setup/expand-template.ts'
import { sessionVariables } from '../../../src/setup/session-variables.ts'

const facts = { project: 'shop', session: 'fix-a.b', branch: 'session/fix-a.b', base: 'main', main: '/m', worktree: '/w' }

test('fills in every name', () => {
  const values = { ...sessionVariables(facts), PORT: '3001' }
  expect(expandTemplate('postgres://h/{project}_{session_snake}_dev?p={PORT}', values)).toBe(
    'postgres://h/shop_fix_a_b_dev?p=3001',
  )
})

test('values are not expanded again', () => {
  expect(expandTemplate('{a}', { a: '{b}$&', b: 'no' })).toBe('{b}$&')
})

test('braces of others stay: shells, JSON, empty', () => {
  const text = '${HOME} {"a":1} {} { x } {1}'
  expect(expandTemplate(text, {})).toBe(text)
})

test.each(['{nope}', '{toString}', '{__proto__}'])('%s is refused, and what is known is named', (text) => {
  expect(() => expandTemplate(text, { PORT: '1' })).toThrow(
    expect.objectContaining({ kind: 'usage', code: 'UNKNOWN_TEMPLATE_VARIABLE', message: expect.stringContaining('{PORT}') }),
  )
})
