import { expect, it } from 'vitest'
import { toInertEntry, toInertLine } from '../../../../src/sessions/log/inert-entry.ts'

it.each([
  [
    'as it is',
    '\n  \n- one\n  - two\n\n### Part\n\n`x < y`, <https://a.b>, Map<string>\n\n',
    '- one\n  - two\n\n### Part\n\n`x < y`, <https://a.b>, Map<string>',
  ],
  [
    'headings move down together',
    '## Plan\n\n### Step\n\n##### Deep\n###### Deeper',
    '### Plan\n\n#### Step\n\n###### Deep\n###### Deeper',
  ],
  ['those that are underlined as well', 'Title\n=====\n\nPart\n---\nx', '### Title\n\n#### Part\nx'],
  ['in code they stay', '```md\n# Title\n<!-- x -->\n```', '```md\n# Title\n<!-- x -->\n```'],
  ['an open fence is closed', 'x\n~~~sh\n# y', 'x\n~~~sh\n# y\n~~~'],
  [
    'our marks are none any more',
    '<!-- flightrules: outcome -->\n```\n<!-- flightrules: end of outcome -->\n```',
    '\\<! -- flightrules: outcome -->\n```\n<! -- flightrules: end of outcome -->\n```',
  ],
  [
    'what would hide the rest shows',
    '<!-- later\n<details>\n</pre>\n<script src=x>\n<?php',
    '\\<!-- later\n\\<details>\n\\</pre>\n\\<script src=x>\n\\<?php',
  ],
  ['what cannot be seen goes', '\uFEFFa\u0007\u001b[31mb\u202Ec\r\nd\te\u0000', 'a[31mbc\nd\te'],
  ['nothing', ' \u200b\n\t\n', ''],
])('%s', (_what, text, entry) => {
  expect(toInertEntry(text)).toBe(entry)
})

it('a line of ours holds words from outside', () => {
  expect(toInertLine('fix\n## x <!-- flightrules: end of outcome -->')).toBe('fix ## x \\<! -- flightrules: end of outcome -->')
})
