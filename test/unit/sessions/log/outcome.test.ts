import { expect, it } from 'vitest'
import { type Outcome, withOutcome, withoutRequest, withRequest } from '../../../../src/sessions/log/outcome.ts'

const begin = '<!-- flightrules: outcome -->'
const end = '<!-- flightrules: end of outcome -->'
const outcome: Outcome = {
  how: 'merge',
  integration: 'squash into main',
  changes: { files: 1, insertions: 10, deletions: 0 },
  commits: [{ oid: 'a'.repeat(40), message: `Do it ${end}\n\nbody` }],
  request: null,
}
const lines = [
  '- How: merge',
  '- Integration: squash into main',
  '- Changes: 1 file, 10 insertions, 0 deletions',
  '- Commits:',
  '  - aaaaaaaaaaaa Do it \\<! -- flightrules: end of outcome -->',
]
const block = (at: string, ...more: string[]): string =>
  [begin, '## Outcome', '', `- Ended: ${at}`, ...lines, ...more, end].join('\n')

it.each([
  ['', ''],
  ['# S\n\n## Plan\n', '# S\n\n## Plan\n\n'],
  ['# S\n\n## Plan\n\n', '# S\n\n## Plan\n\n'],
  ['# S\n\nmine', '# S\n\nmine\n\n'],
  ['# S\n\n```\nmine', '# S\n\n```\nmine\n```\n\n'],
])('is the last block of %j', (log, before) => {
  expect(withOutcome(log, outcome, '1')).toBe(`${before}${block('1')}\n`)
})

it('ends its lines as the log does', () => {
  const log = '# S\r\n\r\nmine\r\n'
  const once = withOutcome(log, outcome, '1')
  expect(once).toBe(`${log}\r\n${block('1').replaceAll('\n', '\r\n')}\r\n`)
  expect(withOutcome(once, outcome, '2')).toBe(once)
})

it('is replaced where there is more to say, and what is around it stays', () => {
  const log = `# S\n\n${block('1')}\n\nA word afterwards`
  expect(withOutcome(log, outcome, '2')).toBe(log)
  const again = withOutcome(log, { ...outcome, request: 'https://x/1' }, '2')
  expect(again).toBe(`# S\n\n${block('2', '- Request: https://x/1')}\n\nA word afterwards`)
})

it('a beginning that lost its end is a person’s text', () => {
  const log = `${begin}\nkept\n\n${block('1')}\n`
  expect(withOutcome(log, { ...outcome, request: 'u' }, '2')).toBe(`${begin}\nkept\n\n${block('2', '- Request: u')}\n`)
  const torn = `# S\n\n${begin}\nkept\n`
  expect(withOutcome(torn, outcome, '2')).toBe(`${torn}\n${block('2')}\n`)
})

it('nothing done is said as well, and what is not known is not', () => {
  const changes = { files: 0, insertions: 0, deletions: 0 }
  expect(withOutcome('', { ...outcome, commits: [], changes }, '1')).toContain('- Changes: none\n- Commits: none\n')
  expect(withOutcome('', { ...outcome, changes: null }, '1')).not.toContain('Changes')
})

it('gets the address of its request, once', () => {
  const log = `a\n\n${block('1')}\nb`
  const linked = withRequest(log, 'https://x/1')
  expect(linked).toBe(`a\n\n${block('1', '- Request: https://x/1')}\nb`)
  expect(withRequest(linked, 'https://x/1')).toBe(linked)
  expect(withRequest(linked, 'https://x/2')).toBe(linked.replace('x/1', 'x/2'))
  expect(withoutRequest(linked)).toBe(log)
  expect(withRequest('no outcome', 'u')).toBe('no outcome')
})
