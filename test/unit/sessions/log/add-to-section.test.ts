import { expect, it } from 'vitest'
import { addToSection } from '../../../../src/sessions/log/add-to-section.ts'

const fresh = '# Session a\n\n## Goals\n\n- x\n\n## Plan\n\n## Summary\n\n## Decisions\n\n## Next steps\n'

it('a fresh log takes one after the other', () => {
  const one = addToSection(fresh, 'plan', '- one')
  expect(one).toBe(fresh.replace('## Plan\n', '## Plan\n\n- one\n'))
  const two = addToSection(one, 'plan', '- two\n\nmore')
  expect(two).toBe(fresh.replace('## Plan\n', '## Plan\n\n- one\n\n- two\n\nmore\n'))
  expect(addToSection(two, 'next-steps', 'rest')).toBe(`${two}\nrest\n`)
})

it.each([
  ['Windows line ends', '## Plan\r\n\r\n- a\r\n\r\n## Summary\r\n', '## Plan\r\n\r\n- a\r\n\r\nx\r\ny\r\n\r\n## Summary\r\n'],
  ['no last line end', '## Plan\n\n- a', '## Plan\n\n- a\n\nx\ny'],
  ['a byte order mark', '\uFEFF## Plan\n', '\uFEFF## Plan\n\nx\ny\n'],
  ['the next heading in the next line', '## Plan\na\n## Summary\n', '## Plan\na\n\nx\ny\n\n## Summary\n'],
  ['an underlined one in the next line', '## Plan\n\nNotes\n---\n', '## Plan\n\nx\ny\n\nNotes\n---\n'],
  [
    'headings in code and below',
    '## plan ##\n\n```\n## Summary\n```\n\n### Part\na\n\n# Other\n',
    '## plan ##\n\n```\n## Summary\n```\n\n### Part\na\n\nx\ny\n\n# Other\n',
  ],
  [
    'the outcome behind it',
    '## Plan\n\na\n\n<!-- flightrules: outcome -->\n## Outcome\n<!-- flightrules: end of outcome -->\n',
    '## Plan\n\na\n\nx\ny\n\n<!-- flightrules: outcome -->\n## Outcome\n<!-- flightrules: end of outcome -->\n',
  ],
  ['a fence that is open to the end', '## Plan\n\n  ```sh\n## x\n\n', '## Plan\n\n  ```sh\n## x\n  ```\n\nx\ny\n\n'],
  ['two of that name', '## Plan\n\n## Plan\n', '## Plan\n\nx\ny\n\n## Plan\n'],
  ['an empty file', '', '## Plan\n\nx\ny\n'],
  ['a section a person renamed', '## The plan\n\na\n\n## Summary\n', '## The plan\n\na\n\n## Plan\n\nx\ny\n\n## Summary\n'],
  ['only later ones', '# S\n\n## Next steps\nb', '# S\n\n## Plan\n\nx\ny\n\n## Next steps\nb'],
  [
    'none, but the outcome',
    '# S\n<!-- flightrules: outcome -->\n## Plan\n<!-- flightrules: end of outcome -->',
    '# S\n\n## Plan\n\nx\ny\n\n<!-- flightrules: outcome -->\n## Plan\n<!-- flightrules: end of outcome -->',
  ],
  ['none at all', '# S\n\nnotes', '# S\n\nnotes\n\n## Plan\n\nx\ny'],
])('with %s', (_what, before, after) => {
  expect(addToSection(before, 'plan', 'x\ny')).toBe(after)
})

it('a missing section comes where it belongs, wherever the others were put', () => {
  const log = '## Plan\n\n## Notes\n\nmine\n\n## Decisions\n'
  expect(addToSection(log, 'summary', 'x')).toBe('## Plan\n\n## Notes\n\nmine\n\n## Summary\n\nx\n\n## Decisions\n')
  expect(addToSection(log, 'next-steps', 'x')).toBe(`${log}\n## Next steps\n\nx\n`)
})

it('after a line that ends as on old Macs there is an empty line too: what is added underlines nothing', () => {
  expect(addToSection('## Decisions\nä\r', 'decisions', '===')).toBe('## Decisions\nä\r\n\n===\n')
})
