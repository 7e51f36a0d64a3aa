import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeForgeProject } from '../support/recording-forge.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

const flag = (argv: readonly string[], name: string): string | undefined =>
  argv.find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1)

describe.concurrent('a request that is open already', () => {
  test('gets our part of its text anew; what people wrote around it, and what is there already, stays', async () => {
    const config = { end: { pr: { labels: ['bug', 'Ready'], reviewers: ['ann', 'zoe', 'o/team'] } } }
    const project = await makeForgeProject('gh', { config })
    const session = await startWithWork(project, 'auth', undefined, '--goal', 'Add the login', '--issue', '12')
    await project.cli(['end', 'auth'])
    const first = await project.requestText()
    const around = `Please look at the tests.\r\n\r\n${first.trimEnd()}\r\n\r\n- [x] checked by hand, Closes #3\r\n`
    await project.setRequest({
      body: around,
      labels: [{ name: 'bug' }],
      reviewRequests: [{ login: 'Ann' }, { slug: 'o/team' }],
      reviews: [{ author: { login: 'zoe' } }, null, { author: 'x' }],
    })
    await commitWork(project, session, 'Answer the review', { 'more.txt': 'x' })
    const log = String((await project.status()).sessions[0]?.sessionLog)
    const text = await project.read(join(session, log))
    await project.write(
      join(session, log),
      text.replace('## Summary\n', '## Summary\n\nThe form asks @team for a **password**.\n'),
    )

    const { status, json } = await project.json(['end', 'auth', '--draft'])

    expect([status, json.findings.map(({ code }) => code)]).toEqual([0, ['REQUEST_IS_READY']])
    const edits = (await project.calls()).filter(({ argv }) => argv[1] === 'edit')
    expect(edits.map(({ argv }) => argv.slice(0, 5))).toEqual([
      ['pr', 'edit', '7', '--repo', 'github.com/o/r'],
      ['pr', 'edit', '7', '--repo', 'github.com/o/r'],
    ])
    expect(edits[1]?.argv.slice(5)).toEqual(['--add-label=Ready'])
    const body = edits[0]?.body ?? ''
    expect(body.startsWith('Please look at the tests.\r\n\r\n<!-- flightrules:begin -->\n')).toBe(true)
    expect(body.endsWith('\n<!-- flightrules:end -->\r\n\r\n- [x] checked by hand, Closes #3\r\n')).toBe(true)
    expect(body).toContain(
      '## Summary\n\nThe form asks @ team for a **password**.\n\n## Commits\n\n- work on auth\n- Answer the review\n',
    )
    expect(body).not.toMatch(/@team for.*\n[^`]*$/)

    // nothing is new: nothing is changed
    await project.setRequest({
      body: body.replaceAll('\n', '\r\n').replaceAll('\r\r', '\r'),
      labels: [{ name: 'BUG' }, 'ready'],
      reviewRequests: [],
      reviews: ['ann', 'zoe', 'o/team'].map((login) => ({ author: { login } })),
    })
    expect((await project.json(['end', 'auth'])).json.findings).toEqual([])
    expect((await project.calls()).filter(({ argv }) => argv[1] === 'edit')).toHaveLength(2)
  })

  test('whose text has no part of ours keeps it, until one is given; then that and the title replace it', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    await project.setRequest({ body: 'Written by hand.' })
    expect((await project.json(['end', 'auth'])).json.findings).toMatchObject([{ code: 'REQUEST_TEXT_KEPT' }])
    await project.write('../body.md', 'Mine, with `code`\n')
    const { json } = await project.json(['end', 'auth', '--title', '--repo=evil', '--body-file', '../body.md'])
    expect(json.findings).toEqual([])
    const edits = (await project.calls()).filter(({ argv }) => argv[1] === 'edit')
    expect(edits).toHaveLength(1)
    expect(edits[0]?.argv.slice(5, 7)).toEqual(['--title=--repo=evil', '--body-file'])
    expect(edits[0]?.body).toBe('Mine, with `code`\n')
  })

  test('that cannot be read or changed is a finding: the work is pushed, and the request is noted', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    const tip = await commitWork(project, session, 'more', { 'more.txt': 'x' })
    for (const answer of [
      { text: 'no JSON \u001b[31m' },
      { body: { toString: 1 } },
      { number: 8 },
      { text: '[]' },
      { body: 'x'.repeat(70_000) },
    ]) {
      await project.setRequest(answer)
      const { status, json } = await project.json(['end', 'auth'])
      expect({ status, code: json.findings[0]?.code }).toEqual({
        status: 0,
        code: 'body' in answer && typeof answer.body === 'string' ? 'REQUEST_TEXT_KEPT' : 'REQUEST_NOT_UPDATED',
      })
    }
    await project.setRequest({})
    await project.fail('edit', { status: 1, stderr: 'GraphQL: Projects (classic) is being deprecated' })
    await commitWork(project, session, 'even more', { 'other.txt': 'x' })
    const { json } = await project.json(['end', 'auth'])
    expect(json.findings).toMatchObject([
      { code: 'REQUEST_NOT_UPDATED', message: expect.stringContaining('is being deprecated') },
    ])
    expect(json.data).toMatchObject({ pushed: true, pr: { number: 7 } })
    expect(await project.git(['merge-base', '--is-ancestor', tip, 'session/auth'], project.remotePath)).toBe('')
  })

  test('on a GitLab of its own, which only the configuration tells, is described, marked and asked for there', async () => {
    const config = { forges: { 'git.example.com': 'gitlab' }, end: { pr: { labels: ['a'], reviewers: ['ann', 'zoe'] } } }
    const project = await makeForgeProject('glab', { config, host: 'git.example.com' })
    const session = await startWithWork(project, 'auth', undefined, '--goal', 'Add the login', '--issue', '12')
    await project.cli(['end', 'auth'])
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv.slice(2, 4)).toEqual(['--repo', 'https://git.example.com/g/s/r'])
    expect(create?.argv.join(' ')).toContain('Closes #12')
    await project.setRequest({ labels: ['a'], reviewers: [{ username: 'ann' }] })
    await commitWork(project, session, 'Answer the review', { 'more.txt': 'x' })
    const { json } = await project.json(['end', 'auth'])
    expect(json.data['pr']).toEqual({ number: 7, url: 'https://git.example.com/g/s/r/-/merge_requests/7' })
    const updates = (await project.calls()).filter(({ argv }) => argv[1] === 'update')
    expect(updates.map(({ argv }) => argv.slice(0, 5))).toEqual([
      ['mr', 'update', '7', '--repo', 'https://git.example.com/g/s/r'],
      ['mr', 'update', '7', '--repo', 'https://git.example.com/g/s/r'],
    ])
    expect(flag(updates[0]?.argv ?? [], '--description')).toContain('- Answer the review\n')
    expect(updates[1]?.argv.slice(5)).toEqual(['--reviewer=+zoe'])
  })
})

describe.concurrent('a request from a fork', () => {
  const forkOf = async (project: { parent: string; git: (args: readonly string[]) => Promise<string> }, address: string) => {
    const path = join(project.parent, 'fork.git')
    await project.git(['init', '--quiet', '--bare', path])
    await project.git(['remote', 'add', 'mine', address])
    await project.git(['config', `url.${path}.pushInsteadOf`, address])
    return path
  }

  test('is opened where the base is, with the owner before the branch; so it is where pushing to the base is denied', async () => {
    const project = await makeForgeProject('gh', { config: { forges: { 'git.example.com': 'github' } }, host: 'git.example.com' })
    const fork = await forkOf(project, 'ssh://git@git.example.com:2222/zoe/r2.git')
    await startWithWork(project, 'auth', undefined, '--goal', 'Add the login', '--issue', '12')
    const hook = join(project.remotePath, 'hooks/pre-receive')
    await project.write(hook, '#!/bin/sh\necho "ERROR: Permission to o/r.git denied to zoe." >&2\nexit 1\n')
    const { chmod } = await import('node:fs/promises')
    await chmod(hook, 0o755)
    const denied = await project.json(['end', 'auth'])
    expect([denied.status, denied.json.error.code]).toEqual([1, 'PUSH_DENIED'])
    expect(denied.json.error.choices).toMatchObject([{ flag: '--remote mine' }])
    await project.git(['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/trunk'])

    const { status, json } = await project.json(['end', 'auth', '--remote', 'mine'])

    expect([status, json.data['pr']]).toEqual([0, { number: 7, url: 'https://git.example.com/o/r/pull/7' }])
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv.slice(2, 6)).toEqual(['--repo', 'git.example.com/o/r', '--base=main', '--head=zoe:session/auth'])
    expect(create?.body).toContain('Refs #12\n')
    expect(json.findings).toMatchObject([{ code: 'ISSUE_STAYS_OPEN' }])
    expect(await project.git(['rev-parse', 'session/auth'], fork)).toBe(await project.git(['rev-parse', 'session/auth']))
    // found again, of one's own and not of another's fork
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr: { number: 7 } })
    expect((await project.calls()).filter(({ argv }) => argv[1] === 'create')).toHaveLength(1)
    expect((await project.json(['end', 'auth', '--push-only'])).json.data).toMatchObject({
      compareUrl: 'https://git.example.com/o/r/compare/main...zoe:r2:session/auth?expand=1',
    })
    const strange = await project.json(['end', 'auth', '--remote', '--upload-pack=x'])
    expect([strange.status, strange.json.error.code]).toEqual([2, 'REMOTE_NOT_FOUND'])
  })

  test('on GitLab names the project it is in; git says where branches go', async () => {
    const project = await makeForgeProject('glab')
    await forkOf(project, 'git@gitlab.com:zoe/r.git')
    await project.git(['config', 'remote.pushDefault', 'mine'])
    await startWithWork(project, 'auth')
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr: { number: 7 } })
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv.slice(2, 8)).toEqual([
      '--repo',
      'https://gitlab.com/g/s/r',
      '--head',
      'https://gitlab.com/zoe/r',
      '--target-branch=main',
      '--source-branch=session/auth',
    ])
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr: { number: 7 } })
    expect((await project.calls()).map(({ argv }) => argv.join(' '))).toContain('api --hostname gitlab.com projects/zoe%2Fr')
    // a copy elsewhere is no fork
    await project.git(['remote', 'set-url', 'mine', 'https://github.com/zoe/r.git'])
    const { status, json } = await project.json(['end', 'auth'])
    expect([status, json.error.code]).toEqual([3, 'FORKS_APART'])
  })
})
