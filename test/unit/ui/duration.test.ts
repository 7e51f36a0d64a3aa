import { expect, test } from 'vitest'
import { formatAge, formatDuration } from '../../../src/ui/duration.ts'

const now = new Date('2025-01-17T12:00:00Z')

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_000, '59 min'],
  [2 * 3_600_000, '2 h'],
  [3 * 86_400_000, '3 d'],
  [35 * 86_400_000, '5 w'],
])('%i ms is %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

test('an age is said in its largest unit', () => {
  expect(formatAge('2025-01-17T10:00:00Z', now)).toBe('2 h ago')
})

test('what just happened, or will have, is just now', () => {
  expect(formatAge('2025-01-17T11:59:30Z', now)).toBe('just now')
  expect(formatAge('2025-01-18T00:00:00Z', now)).toBe('just now')
})

test('a time that is none is not guessed', () => {
  expect(formatAge('yesterday', now)).toBe('unknown')
})
