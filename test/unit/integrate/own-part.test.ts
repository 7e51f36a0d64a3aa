import fc from 'fast-check'
import { expect, it } from 'vitest'
import { findLogSummary } from '../../../src/integrate/log-sections.ts'
import { countOtherBytes, isSameText, markOwnPart, replaceOwnPart } from '../../../src/integrate/own-part.ts'

const begin = '<!-- flightrules:begin -->'
const end = '<!-- flightrules:end -->'
const texts = fc
  .array(fc.oneof(fc.constantFrom(begin, end, '\r\n', '\n', '```', 'x'), fc.string()))
  .map((parts) => parts.join(''))

it('what is around our part stays byte for byte, however often it is replaced', () => {
  const outside = texts.filter((text) => !text.includes(begin) && !text.includes(end))
  fc.assert(
    fc.property(outside, outside, fc.array(texts, { minLength: 1 }), (before, after, parts) => {
      fc.pre(!`${before}${after}`.includes('<!--'))
      const [first = '', ...rest] = parts
      let text = `${before}${markOwnPart(first).trimEnd()}${after}`
      for (const part of rest) text = replaceOwnPart(text, markOwnPart(part)) ?? ''
      expect(text).toBe(`${before}${markOwnPart(parts.at(-1) ?? '').trimEnd()}${after}`)
      expect(countOtherBytes(text)).toBe(Buffer.byteLength(`${before}${after}`))
    }),
  )
})

it.each(['', 'by hand', begin, end, `${end}${begin}`])('%j has no part of ours', (text) => {
  expect(replaceOwnPart(text, markOwnPart('x'))).toBeNull()
  expect(countOtherBytes(text)).toBeNull()
})

it('a text is the same with other line ends', () => {
  expect(isSameText('a\nb\n', 'a\r\nb')).toBe(true)
  expect(isSameText('a\nb', 'a b')).toBe(false)
})

it.each([
  ['# Session\n\n## Summary\n\nDone.\n\n### Part\n\nmore\n\n## Decisions\n\nno\n', 'Done.\n\n### Part\n\nmore'],
  ['## Summary\r\n\r\nDone.\r\n<!-- flightrules: outcome -->\n## Outcome\n', 'Done.'],
  ['## Plan\n\n```\n## Summary\nnot this\n```\n\n## Summary\n\n```sh\n## not a heading\n```\n', '```sh\n## not a heading\n```'],
  ['## Summary\n\n## Decisions\n', ''],
  ['no heading', ''],
])('the summary in %j', (log, summary) => {
  expect(findLogSummary(log)).toBe(summary)
})
