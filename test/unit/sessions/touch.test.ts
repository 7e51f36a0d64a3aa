import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FlightRulesError } from '../../../src/errors.ts'
import { findShared, isMeant, isTouchGlob, requireTouch } from '../../../src/sessions/touch.ts'
import { findTouchOverlap } from '../../../src/sessions/touch-overlap.ts'

describe('a declared glob', () => {
  it('is inside the repository', () => {
    for (const glob of ['src/**', 'a.txt', 'docs/', '*.md', './x', 'a b/ü', '{a,b}/c'])
      expect([glob, isTouchGlob(glob)]).toEqual([glob, true])
    for (const glob of ['', '.', '/etc/passwd', '../x', 'a/../b', 'a\\..\\b', '!src', '.git/config', 'a\nb', '\0'])
      expect([glob, isTouchGlob(glob)]).toEqual([glob, false])
  })

  it('is refused with what is wrong, or taken once', () => {
    expect(requireTouch(['./src/**', 'src/**', ' a '])).toEqual(['src/**', 'a'])
    expect(() => requireTouch(['ok', '../x'])).toThrow(FlightRulesError)
  })

  it('means a folder with all in it', () => {
    expect(isMeant(['src/auth'], 'src/auth/deep/a.ts')).toBe(true)
    expect(isMeant(['src/auth/'], 'src/auth/a.ts')).toBe(true)
    expect(isMeant(['src/auth'], 'src/authors.ts')).toBe(false)
    expect(isMeant(['*.md'], 'docs/a.md')).toBe(false)
  })
})

describe('two declarations meet', () => {
  it.each([
    ['a file there is', ['src/*.ts'], ['**/a.ts'], ['src/a.ts'], ['src/*.ts']],
    ['the same words', ['new/*.ts'], ['new/*.ts'], [], ['new/*.ts']],
    ['a path spelled out', ['new/**'], ['new/deep/a.ts'], [], ['new/**']],
    ['a folder in a folder', ['src/auth/**'], ['src/**'], [], ['src/auth/**']],
    ['a folder without stars', ['src/auth/*.ts'], ['src'], [], ['src/auth/*.ts']],
    ['everything', ['**'], ['a/*.b'], [], ['**']],
    ['nothing: folders beside each other', ['src/a/**'], ['src/b/**'], ['src/c'], []],
    ['nothing: names that begin alike', ['src/**'], ['srcs/*.ts'], [], []],
  ])('%s', (_why, a, b, files, shared) => {
    expect(findShared(a, b, files)).toEqual(shared)
    expect(findShared(b, a, files).length > 0).toBe(shared.length > 0)
  })

  it('always where one file is meant by both', () => {
    const name = fc.constantFrom('a', 'b', 'c')
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'))
    const glob = fc
      .array(fc.oneof(name, fc.constantFrom('*', '**', '?')), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join('/'))
    fc.assert(
      fc.property(glob, glob, path, (a, b, file) => {
        fc.pre(isMeant([a], file) && isMeant([b], file))
        expect(findShared([a], [b], [file])).toEqual([a])
      }),
    )
  })
})

describe('what is said of intentions', () => {
  it('is who changes such files and who is to, and nothing that is told as an overlap', () => {
    const others = [
      { id: 'auth', touch: ['src/**'], touched: ['src/b.ts', 'src/a.ts', 'README.md', 'src/a.ts'] },
      { id: 'docs', touch: ['docs/**'], touched: ['docs/a.md'] },
    ]
    const api = { id: 'api', touch: ['src/*.ts'] }
    expect(findTouchOverlap(api, others, { files: ['src/a.ts'] })).toEqual([
      {
        code: 'TOUCH_OVERLAP',
        message: 'others are at what api is to touch: auth changes src/a.ts, src/b.ts and is to touch some of src/*.ts too',
        hint: 'flightrules radar api --file src/a.ts',
        details: { id: 'api', sessions: [{ id: 'auth', paths: ['src/a.ts', 'src/b.ts'], globs: ['src/*.ts'] }] },
      },
    ])
    expect(findTouchOverlap(api, others, { known: () => ['src/a.ts', 'src/b.ts'] })).toEqual([])
  })
})

it('a file or folder with brackets in its name is meant by its name as well as by what it would match', () => {
  for (const glob of ['app/[id]/page.tsx', 'app/[id]', 'app/[id]/', './app'])
    expect(isMeant([glob], 'app/[id]/page.tsx')).toBe(true)
  expect(isMeant(['app/[id]'], 'app/i/page.tsx')).toBe(true)
  expect(isMeant(['app/[id]'], 'app/[id]s/page.tsx')).toBe(false)
  expect(findShared(['app/[id]'], ['app/[id]/page.tsx'], [])).toEqual(['app/[id]'])
  expect(findShared(['app/[id]/page.tsx'], ['app/[id]/'], [])).toEqual(['app/[id]/page.tsx'])
  expect(findShared(['app/[id]'], ['app/[ids]'], [])).toEqual([])
})
