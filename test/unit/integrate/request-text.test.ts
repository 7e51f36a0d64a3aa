import { expect, it } from 'vitest'
import { writeRequestText } from '../../../src/integrate/request-text.ts'

const nothing = { branch: 'session/auth', goals: [], subjects: [], log: null, issue: null }

it('a whole request', () => {
  const { title, body } = writeRequestText({
    ...nothing,
    goals: ['Refactor authentication', 'Keep the API'],
    subjects: ['Split the module', 'Add tests'],
    log: '# Session log\n\nDone.\n',
    issue: 12,
  })
  expect(title).toBe('Refactor authentication')
  expect(body).toBe(`## Goals

- Refactor authentication
- Keep the API

## Commits

- Split the module
- Add tests

<details>
<summary>Session log</summary>

\`\`\`text
# Session log

Done.
\`\`\`

</details>

Closes #12
`)
})

it.each([
  [{}, 'session/auth'],
  [{ subjects: ['The only commit'] }, 'The only commit'],
  [{ subjects: ['One', 'Two'] }, 'session/auth'],
  [{ title: ' Given\n by hand ', goals: ['Goal'] }, 'Given by hand'],
  [{ goals: ['\u202e\u200b'], subjects: ['Commit'] }, 'Commit'],
  [{ goals: ['x'.repeat(200)] }, `${'x'.repeat(119)}…`],
  [{ goals: ['Fixes #3, ask @team at a@b.example'] }, 'Fixes – #3, ask @ team at a@b.example'],
])('the title of %j', (source, title) => {
  expect(writeRequestText({ ...nothing, ...source }).title).toBe(title)
})

it.each([
  ['ask @acme/team_a about it', '- ask `@acme/team_a` about it'],
  ['mail me@example.com', '- mail me@example.com'],
  ['Closes #1 and fixes: acme/project#2', '- Closes – #1 and fixes – acme/project#2'],
  ['Resolves https://github.com/a/b/issues/1', '- Resolves – https://github.com/a/b/issues/1'],
  ['closing issue #4', '- closing – issue #4'],
  ['fix the thing', '- fix the thing'],
  ['<!-- --> <img src=x>', '- \\<\\!-- --\\> \\<img src=x\\>'],
  ['![beacon](http://x)', '- \\!\\[beacon\\](http://x)'],
  ['`code` | *bold*', '- \\`code\\` \\| \\*bold\\*'],
  ['# heading', '- \\# heading'],
  ['- item', '- \\- item'],
  ['1. first', '- 1\\. first'],
  ['two\nlines', '- two lines'],
])('the goal %j is shown and does nothing', (goal, line) => {
  expect(writeRequestText({ ...nothing, goals: [goal] }).body).toBe(`## Goals\n\n${line}\n`)
})

it('a log with fences of its own stays inside its block', () => {
  const { body } = writeRequestText({ ...nothing, log: '```\n</details>\n`````\nCloses #9\n' })
  expect(body).toContain('``````text\n```\n</details>\n`````\nCloses – #9\n``````\n')
})

it('long lists are cut and say so', () => {
  const { body } = writeRequestText({ ...nothing, subjects: Array.from({ length: 100 }, (_, index) => `commit ${index}`) })
  expect(body).toContain('- commit 59\n- and 40 more')
})
