import { expect, test } from 'vitest'
import { answerEnvelope, failureEnvelope } from '../../../src/cli/envelope.ts'
import { fullStack, toFlightRulesError } from '../../../src/cli/unexpected-error.ts'
import { FlightRulesError } from '../../../src/errors.ts'

test('an answer has data and findings, also when the command has none', () => {
  expect(answerEnvelope('status', { data: undefined })).toEqual({
    version: 1,
    command: 'status',
    ok: true,
    data: {},
    findings: [],
  })
})

test('work that failed in part has the failure and what there is all the same', () => {
  const failure = new FlightRulesError({ kind: 'failed', code: 'SETUP_FAILED', message: 'm' })
  expect(answerEnvelope('start', { data: { path: '/p' }, failure })).toMatchObject({
    ok: false,
    error: { code: 'SETUP_FAILED' },
    data: { path: '/p' },
    findings: [],
  })
})

test('a refusal has code, message, hint, choices and details, and no stack unless asked', () => {
  const error = new FlightRulesError({
    kind: 'decision',
    code: 'DIRTY',
    message: 'm',
    hint: 'h',
    choices: [{ flag: '--x', label: 'l' }],
  })
  expect(failureEnvelope('start', error)).toEqual({
    version: 1,
    command: 'start',
    ok: false,
    error: { code: 'DIRTY', message: 'm', hint: 'h', choices: [{ flag: '--x', label: 'l' }], details: {} },
  })
  expect(failureEnvelope('start', error, 'at x')).toMatchObject({ error: { stack: 'at x' } })
})

test.each([
  [new TypeError('x is not a function'), 'unexpected: x is not a function'],
  [
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }),
    'ENOSPC: no space left on device, write',
  ],
  ['just words', "unexpected: something threw 'just words'"],
])('whatever else is thrown is INTERNAL, exit 1', (thrown, message) => {
  expect(toFlightRulesError(thrown)).toMatchObject({ code: 'INTERNAL', exitStatus: 1, message })
})

test('our own errors pass as they are', () => {
  const error = new FlightRulesError({ kind: 'busy', code: 'BUSY', message: 'm' })
  expect(toFlightRulesError(error)).toBe(error)
})

test('the stack names what caused it', () => {
  expect(fullStack(toFlightRulesError(new RangeError('deep')))).toContain('caused by: RangeError: deep')
})
