import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findNameProblem, firstFreeName, foldName, nameFromGoal, slugify } from '../../src/sessions/name.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: fc.constantFrom(...'aB1.-_/ ü\n', '.lock', 'con', '..', 'x'.repeat(30)), maxLength: 12 }),
)

test('a slug is a valid name, or nothing', () => {
  fc.assert(
    fc.property(text, (input) => {
      for (const slug of [slugify(input), nameFromGoal(input)])
        if (slug !== undefined) expect(findNameProblem(slug)).toBeUndefined()
    }),
  )
})

test('a valid name is its own slug', () => {
  fc.assert(
    fc.property(text, (input) => {
      if (findNameProblem(input) === undefined && !/[^a-z0-9]$|-{2,}/.test(input)) expect(slugify(input)).toBe(input)
    }),
  )
})

test('a free name is valid, not taken, and begins as asked', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 120 }), (input, count) => {
      const name = slugify(input)
      if (name === undefined) return
      const taken = new Set<string>()
      for (let index = 0; index < count; index += 1) taken.add(firstFreeName(name, (candidate) => taken.has(candidate)))
      expect(taken.size).toBe(count)
      for (const one of taken) expect(findNameProblem(one)).toBeUndefined()
    }),
    { numRuns: 30 },
  )
})

test('what is allowed here git allows, and what git refuses is refused here', () => {
  const near = fc.string({
    unit: fc.constantFrom('a', '1', '.', '-', '_', '.lock', '..', '@{', '~', ' '),
    minLength: 1,
    maxLength: 6,
  })
  fc.assert(
    fc.property(near, (name) => {
      if (name.startsWith('-') || !/^[a-z0-9]/.test(name) || name.length > 60) return
      const allowed = findNameProblem(name) === undefined
      // beyond git's rules only the characters are narrower
      const expected = isAllowedByGit(`refs/heads/session/${name}`) && /^[a-z0-9._-]+$/.test(name)
      expect([name, allowed]).toEqual([name, expected])
      if (allowed) expect(isAllowedByGit(`refs/flightrules/trash/${name}/x`)).toBe(true)
    }),
    { numRuns: 150 },
  )
})

function isAllowedByGit(ref: string): boolean {
  try {
    execFileSync('git', ['check-ref-format', ref], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('two names that are allowed and not the same are not the same on any file system', () => {
  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '1', '-', '_', '.', 'A', '\u00e9', 'e\u0301', '\u017f', '\u212a'),
    maxLength: 4,
  })
  fc.assert(
    fc.property(name, name, (a, b) => {
      if (findNameProblem(a) !== undefined || findNameProblem(b) !== undefined || a === b) return
      for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'])
        expect(a.normalize(form).toUpperCase()).not.toBe(b.normalize(form).toUpperCase())
      expect(foldName(a)).not.toBe(foldName(b))
    }),
    { numRuns: 2000 },
  )
})

test('names that differ in case or composition fold to one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 8 }), (text) => {
      expect(foldName(text.normalize('NFD'))).toBe(foldName(text.normalize('NFC')))
      expect(foldName(foldName(text))).toBe(foldName(text))
    }),
  )
})
