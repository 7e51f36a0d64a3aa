import { describe, expect, it } from 'vitest'
import { findNameProblem, firstFreeName, foldName, nameFromGoal, requireName, slugify } from '../../../src/sessions/name.ts'

describe('a session’s name', () => {
  it.each(['a', '0', 'auth-refactor', 'v1.2_x', 'a.-', 'console', 'com10', 'x'.repeat(60)])('may be %j', (name) => {
    expect(requireName(name)).toBe(name)
  })

  it.each([
    ['', /empty/],
    ['x'.repeat(61), /61 characters/],
    ['-rf', /flag/],
    ['--help', /flag/],
    ['a/b', /slash/],
    ['../a', /slash/],
    ['.', /only lower-case/],
    ['..', /only lower-case/],
    ['.hidden', /only lower-case/],
    ['Auth', /only lower-case/],
    ['a b', /only lower-case/],
    ['a\nb', /only lower-case/],
    ['a\n', /only lower-case/],
    ['a\0', /only lower-case/],
    ['@', /only lower-case/],
    ['HEAD', /only lower-case/],
    ['grün', /only lower-case/],
    ['🚀', /only lower-case/],
    ['a\u202Eb', /only lower-case/],
    ['a..b', /"\.\."/],
    ['a.', /trailing dot/],
    ['a.lock', /\.lock/],
    ['con', /Windows/],
    ['nul.txt', /Windows/],
    ['lpt1', /Windows/],
  ])('may not be %j', (name, reason) => {
    expect(findNameProblem(name)).toMatch(reason)
  })

  it('is refused with what it could be', () => {
    expect(() => requireName('Fix: the Login Form!')).toThrow(
      expect.objectContaining({
        kind: 'usage',
        code: 'INVALID_NAME',
        hint: 'flightrules start fix-the-login-form',
        details: { name: 'Fix: the Login Form!', suggestion: 'fix-the-login-form' },
      }),
    )
    expect(() => requireName('🚀')).toThrow(expect.objectContaining({ details: { name: '🚀' } }))
  })
})

describe('the nearest name', () => {
  it.each([
    ['Añadir sesión', 'anadir-sesion'],
    ['  --x--  ', 'x'],
    ['feature/login form', 'feature-login-form'],
    ['a...b', 'a.b'],
    ['a.lock.lock', 'a'],
    ['a.lock!', 'a'],
    ['CON', undefined],
    ['…', undefined],
    ['', undefined],
    [`${'x'.repeat(59)}-y`, 'x'.repeat(59)],
  ])('to %j is %j', (text, slug) => expect(slugify(text)).toBe(slug))

  it('from a goal is its first words', () => {
    expect(nameFromGoal('Refactor the authentication module and everything that hangs on it')).toBe('refactor-the-authentication')
    expect(nameFromGoal(`${'x'.repeat(40)} y`)).toBeUndefined()
    expect(nameFromGoal('日本語')).toBeUndefined()
  })

  it('that is free has a number', () => {
    const taken = new Set(['a', 'a-2', 'x'.repeat(60)])
    expect(firstFreeName('a', (name) => taken.has(name))).toBe('a-3')
    expect(firstFreeName('x'.repeat(60), (name) => taken.has(name))).toBe(`${'x'.repeat(58)}-2`)
  })
})

it('names are the same whatever case or form they are typed in', () => {
  expect(foldName('APP')).toBe(foldName('app'))
  expect(foldName('u\u0308')).toBe(foldName('\u00fc'))
})
