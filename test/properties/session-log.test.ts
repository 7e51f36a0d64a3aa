import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMarkdown } from '../../src/files/markdown-lines.ts'
import { findSections, outcomeBegin, outcomeEnd, parseLog } from '../../src/integrate/log-sections.ts'
import { addToSection } from '../../src/sessions/log/add-to-section.ts'
import { toInertEntry } from '../../src/sessions/log/inert-entry.ts'
import { withOutcome } from '../../src/sessions/log/outcome.ts'
import { sectionNames, sectionTitles } from '../../src/sessions/log/sections.ts'

const pieces = [
  ...Object.values(sectionTitles).map((title) => `## ${title}\n`),
  '# S\n',
  '### Part\n',
  '## Mine\n',
  'Notes\n---\n',
  '===\n',
  '---\n',
  '- item\n',
  '> said\n',
  '  ',
  '\n',
  '\r\n',
  '\r',
  'x',
  'ä',
  '```\n',
  '````sh\n',
  '~~~\n',
  '  ```\n',
  '```a```\n',
  `${outcomeBegin}\n`,
  `${outcomeEnd}\n`,
  '<!-- ',
  '-->\n',
  '<pre>',
  '\uFEFF',
]
const markdown = fc.array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string()), { maxLength: 24 })
const text = markdown.map((parts) => parts.join(''))
const entry = text.map(toInertEntry).filter((made) => made !== '')
const name = fc.constantFrom(...sectionNames)
const runs = { numRuns: 2000 }

/** Every stretch of `after` without which it would be `before`. */
function findInserted(before: string, after: string): string[] {
  const length = after.length - before.length
  const places = Array.from({ length: before.length + 1 }, (_, at) => at)
  const fitting = places.filter((at) => after.startsWith(before.slice(0, at)) && after.endsWith(before.slice(at)))
  return fitting.map((at) => after.slice(at, at + length))
}

const plain = (log: string): string => log.replace(/\r\n/g, '\n')
const contentOf = (log: string, section: (typeof sectionNames)[number]): string => {
  const found = findSections(parseLog(log), sectionTitles[section])[0]
  return (found?.lines ?? []).map((line) => line.text).join('\n')
}

test('appending changes nothing but the place where it adds', () => {
  fc.assert(
    fc.property(text, name, entry, (log, section, added) => {
      const inserted = findInserted(log, addToSection(log, section, added))
      expect(inserted.some((stretch) => plain(stretch).includes(added))).toBe(true)
    }),
    runs,
  )
})

test('what was appended is the end of its section, and the other sections are as they were', () => {
  fc.assert(
    fc.property(text, name, entry, (log, section, added) => {
      const after = addToSection(log, section, added)
      expect(contentOf(after, section).trimEnd().endsWith(added)).toBe(true)
      // the fence nobody closed is closed for what comes behind it
      const fence = parseLog(log).openFence
      for (const other of sectionNames.filter((one) => one !== section)) {
        const before = contentOf(log, other).trimEnd()
        const now = contentOf(after, other)
        expect(now.startsWith(before)).toBe(true)
        expect(['', fence?.trim()]).toContain(now.slice(before.length).trim())
      }
    }),
    runs,
  )
})

test('appends in any order all stand, those of a section in theirs', () => {
  fc.assert(
    fc.property(text, fc.array(fc.tuple(name, entry), { minLength: 1, maxLength: 6 }), (log, appends) => {
      const after = appends.reduce((so, [section, added]) => addToSection(so, section, added), log)
      for (const section of sectionNames) {
        const own = appends.filter(([one]) => one === section).map(([, added]) => added)
        if (own.length > 0) expect(contentOf(after, section).trimEnd().endsWith(own.join('\n\n'))).toBe(true)
      }
    }),
    runs,
  )
})

test('an entry begins no section, leaves no fence open, holds no mark, and is inert already', () => {
  fc.assert(
    fc.property(text, (given) => {
      const made = toInertEntry(given)
      const { lines, openFence } = readMarkdown(made)
      expect(lines.every(({ heading }) => heading === undefined || heading.level > 2)).toBe(true)
      expect([openFence, made.includes(outcomeBegin), made.includes(outcomeEnd)]).toEqual([undefined, false, false])
    }),
    runs,
  )
})

test('an outcome is found where it was written, said twice it is there once, and the sections stay', () => {
  fc.assert(
    fc.property(text, text, (log, words) => {
      const outcome = {
        how: 'merge',
        integration: 'merge into main',
        changes: null,
        commits: [{ oid: 'f'.repeat(40), message: words }],
      }
      const once = withOutcome(log, { ...outcome, request: null }, '1')
      expect(parseLog(once).outcome?.lines).toContain('- Ended: 1')
      const twice = withOutcome(once, { ...outcome, request: 'u' }, '2')
      expect(twice.length - once.length).toBe(`- Request: u\n`.length + (twice.includes('- Request: u\r') ? 1 : 0))
      for (const section of sectionNames) expect(contentOf(twice, section).trimEnd()).toBe(contentOf(once, section).trimEnd())
    }),
    runs,
  )
})
