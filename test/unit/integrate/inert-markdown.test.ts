import { expect, it } from 'vitest'
import { toInertMarkdown } from '../../../src/integrate/inert-markdown.ts'
import { writeRequestText } from '../../../src/integrate/request-text.ts'

it.each([
  // what a person writes stays as it is
  ['# Why\n\nBecause **x** is `y`.\n\n- a\n- b\n\n> quoted', '# Why\n\nBecause **x** is `y`.\n\n- a\n- b\n\n> quoted'],
  ['run `npm i @scope/pkg` first', 'run `npm i @scope/pkg` first'],
  ['```sh\nnpm i @scope/pkg\n```\nafter', '```sh\nnpm i @scope/pkg\n```\nafter'],
  ['mail me@example.com, 3 < 4 & 5 &nbsp; R&D!', 'mail me@example.com, 3 < 4 & 5 &nbsp; R&D!'],
  ['Refs #12, fix typo (#3)', 'Refs #12, fix typo (#3)'],
  // nobody is called
  ['ask @team and @acme/team', 'ask @ team and @ acme/team'],
  ['_@team_ (@team) "@team"', '_@ team_ (@ team) "@ team"'],
  ['&#64;team &#x40;team &commat;team', '&amp;#64;team &amp;#x40;team &amp;commat;team'],
  ['\\`@team\\`', '\\`@ team\\`'],
  ['`open\n@team` there', '`open\n@ team` there'],
  ['| `@a | @team` |', '| `@ a | @ team` |'],
  ['``x` @team`', '``x` @ team`'],
  ['> ```\n@team\n```', '> ```\n@ team\n```'],
  ['- ```\n  x\n```\n@team', '- ```\n  x\n```\n@ team'],
  ['  ```\nx\n```\n@team', '  ```\nx\n```\n@ team'],
  ['```\n@in\n``` x\n@in\n````\n@out', '```\n@in\n``` x\n@in\n````\n@ out'],
  ['<details>\n```\n@team\n```', '<details>\n\n```\n@team\n```'],
  ['<!--\n```\n-->\n@in', '&lt;!--\n```\n-->\n@in\n```'],
  // nothing is closed
  ['Closes #1', 'Closes – #1'],
  [
    '**Fixes** #2, closes **#3**, resolves [#4](x), fixed\\#5',
    '**Fixes – **#2, closes – **#3**, resolves – [#4](x), fixed – \\#5',
  ],
  ['```\nFixes #6\n```', '```\nFixes – #6\n```'],
  // nothing is fetched or hidden
  ['![beacon](https://evil.example/x.png)', '&#33;[beacon](https://evil.example/x.png)'],
  ['\\![b](x)', '\\&#33;[b](x)'],
  ['<img src=x><script>y</script>', '&lt;img src=x>&lt;script>y&lt;/script>'],
  ['<details onclick=x>', '&lt;details onclick=x>'],
  ['<!-- hidden -->', '&lt;!-- hidden -->'],
  ['a\u200bb\u202ec\u{e0041}', 'abc'],
  // no command of the forge or of a bot
  ['/close\n  /merge now\n/usr/bin is a path', '\\/close\n  \\/merge now\n\\/usr/bin is a path'],
  ['```\n/approve\n```', '```\n /approve\n```'],
])('%j is shown and does nothing', (text, inert) => {
  expect(toInertMarkdown(text)).toBe(inert)
})

const source = { branch: 'session/x', goals: [], subjects: [], log: null }

it('a text that was given is taken instead of ours, and only the session’s own issue is closed', () => {
  const { title, body } = writeRequestText({ ...source, title: '--draft @team `x`', body: 'Fixes #1\n', issue: 2 })
  expect(title).toBe('--draft @ team `x`')
  expect(body).toBe('Fixes – #1\n\nCloses #2\n')
})

it.each(['x', '@a ', '<b>', 'Closes #1\n', '```\n', '![a](b)', '文', '\u202e'])(
  '100 KB of %j are cut to what a forge takes, and say so',
  (unit) => {
    const { body } = writeRequestText({ ...source, body: unit.repeat(Math.ceil(100_000 / Buffer.byteLength(unit))), issue: 7 })
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(60_000)
    expect(body).toMatch(/\[cut: a forge takes no longer text\]\n\nCloses #7\n$/)
  },
)
