import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { makeForgeProject, pathWithoutForges } from '../support/recording-forge.ts'

test.concurrent('a session about an issue is called and meant as its title says', async () => {
  const project = await makeForgeProject('gh', { host: 'git.example.com', config: { forges: { 'git.example.com': 'github' } } })
  await project.setIssue({ number: 41, title: 'Fix the login form', state: 'OPEN', url: 'https://git.example.com/o/r/issues/41' })
  const plan = await project.json(['start', '--issue', '41', '--dry-run'])
  expect(plan.json.data).toMatchObject({
    plan: { steps: expect.arrayContaining([expect.objectContaining({ branch: 'session/41-fix-the-login-form' })]) },
  })
  const { session } = await project.start('--issue', '41')
  expect(session).toMatchObject({ id: '41-fix-the-login-form', goals: ['Fix the login form'], issue: 41 })
  expect((await project.calls()).at(-1)?.argv).toEqual([
    'issue',
    'view',
    '41',
    '--repo',
    'git.example.com/o/r',
    '--json',
    'number,title,state,url',
  ])
  // a name that was made steps aside; one that was typed, and a goal, win
  expect((await project.start('--issue', '41')).session.id).toBe('41-fix-the-login-form-2')
  expect((await project.start('mine', '--issue', '41')).session).toMatchObject({
    id: 'mine',
    goals: ['Fix the login form'],
    issue: 41,
  })
  const before = (await project.calls()).length
  expect((await project.start('--issue', '41', '--goal', 'Something else')).session).toMatchObject({
    id: 'something-else',
    goals: ['Something else'],
    issue: 41,
  })
  expect(await project.calls()).toHaveLength(before)
  await project.setIssue({ number: 42, title: 'Done', state: 'CLOSED' })
  const standard = await project.json(['start', '--issue', '42', '--standard'])
  expect(standard.json.findings).toMatchObject([{ code: 'ISSUE_CLOSED' }])
  expect(standard.json.data).toMatchObject({ session: { id: '42-done', goals: ['Done'], issue: 42 } })
})

test.concurrent('an issue of GitLab', async () => {
  const project = await makeForgeProject('glab')
  await project.setIssue({ iid: 3, title: 'Über – alles: „ß“', state: 'closed', web_url: 'x' })
  const { session, findings } = await project.start('--issue', '3')
  expect(session).toMatchObject({ id: '3-uber-alles-ss', goals: ['Über – alles: „ß“'] })
  expect(findings).toMatchObject([{ code: 'ISSUE_CLOSED', details: { url: 'https://gitlab.com/g/s/r/-/issues/3' } }])
  expect((await project.calls()).at(-1)?.argv).toEqual([
    'issue',
    'view',
    '3',
    '--repo',
    'https://gitlab.com/g/s/r',
    '--output',
    'json',
  ])
})

test.concurrent('a title is a text and nothing else', async () => {
  const project = await makeForgeProject('gh')
  const titles: [unknown, string, string][] = [
    [
      '; rm -rf ~ && $(touch canary) `touch canary`',
      '5-rm-rf-touch-canary-touch-canary',
      '; rm -rf ~ && $(touch canary) `touch canary`',
    ],
    ['--force\n--upload-pack=x\u202e\u0000\u001b[31m', '5-force-upload-pack-x-31m', '--force --upload-pack=x[31m'],
    ['日本語', 'issue-5', '日本語'],
    ['../../etc/passwd', '5-etc-passwd', '../../etc/passwd'],
    ['x '.repeat(40_000), '5-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x-x', `${'x '.repeat(99)}x…`],
  ]
  for (const [title, id, goal] of titles) {
    await project.setIssue({ number: 5, title, state: 'OPEN' })
    const { session } = await project.start('--issue', '5')
    expect(session).toMatchObject({ id, goals: [goal] })
  }
  for (const answer of [
    { number: 5, title: '\u200b\n' },
    { number: 5, title: { a: 1 } },
    { number: 6, title: 'x' },
    { text: 'x' },
    {},
  ]) {
    await project.setIssue(answer)
    const { status, json } = await project.json(['start', '--issue', '5'])
    expect([status === 0, json.error.choices[0]?.flag]).toEqual([false, '--goal <text>'])
    expect(json.error.code).toMatch(/^(?:FORGE_ANSWER|ISSUE_WITHOUT_TITLE)$/)
  }
  expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/(?:^|\/)canary$/))
})

test.concurrent('without a client, a login or a forge a goal is needed, or a name; then the number is noted all the same', async () => {
  const project = await makeForgeProject('gh')
  await project.fail('view', { status: 1, stderr: 'error connecting to api.github.com' })
  const offline = await project.json(['start', '--issue', '5'])
  expect([offline.status, offline.json.error.code, offline.json.error.choices.map(({ flag }) => flag)]).toEqual([
    1,
    'FORGE_FAILED',
    ['--goal <text>'],
  ])
  expect(offline.json.error.message).toContain('error connecting')
  expect(offline.json.error.hint).toBeUndefined()
  const named = await project.json(['start', 'named', '--issue', '5'])
  expect(named.json.findings).toMatchObject([{ code: 'ISSUE_UNREAD' }])
  expect(named.json.data).toMatchObject({ session: { id: 'named', goals: [], issue: 5 } })
  project.env['PATH'] = await pathWithoutForges(project.parent)
  const missing = await project.json(['start', '--issue', '5'])
  expect([missing.status, missing.json.error.code, missing.json.error.hint]).toEqual([
    3,
    'FORGE_CLI_MISSING',
    'install it from https://cli.github.com',
  ])
  const alone = await makeProject()
  const nowhere = await alone.json(['start', '--issue', '5'])
  expect([nowhere.status, nowhere.json.error.code]).toEqual([3, 'NO_REMOTE'])
  expect((await alone.json(['start', 'a', '--issue', '5'])).json.findings).toEqual([])
})
