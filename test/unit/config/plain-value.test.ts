import { expect, test } from 'vitest'
import { FlightRulesError } from '../../../src/errors.ts'
import { nameKind, toPlainValue } from '../../../src/config/plain-value.ts'

test('functions are named apart, so that data cannot pretend to be one', () => {
  const result = toPlainValue({ postCreateHook: () => {}, env: { A: 'x' }, preRemoveHook: { function: true } })
  expect(result.functions).toEqual(['postCreateHook'])
  expect(result.value).toEqual({ postCreateHook: [], env: { A: 'x' }, preRemoveHook: { function: true } })
})

test.each([
  ['a class instance', { env: new Map() }, 'env', 'an instance of Map'],
  ['a symbol', { env: Symbol('x') }, 'env', 'symbol'],
  ['a prototype in disguise', JSON.parse('{"env":{"__proto__":{"PATH":"x"}}}') as unknown, 'env.__proto__', 'not allowed'],
  ['a huge text', { base: 'x'.repeat(100_000) }, 'base', '100000 characters'],
])('%s is a problem', (_, input, path, message) => {
  const { problems } = toPlainValue(input)
  expect(problems).toEqual([{ path, message: expect.stringContaining(message) as string }])
})

test('an object that contains itself ends', () => {
  const input: Record<string, unknown> = {}
  input['env'] = input
  expect(toPlainValue(input).problems).toHaveLength(1)
})

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  [[], 'a list'],
  [() => {}, 'a function'],
  [FlightRulesError, 'a class'],
  [Promise.resolve(), 'a promise'],
  [new Date(), 'an instance of Date'],
  [Object.create(null), 'an object'],
])('%s is named', (value, name) => {
  expect(nameKind(value)).toBe(name)
})
