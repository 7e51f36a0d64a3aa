import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeForgeProject } from '../support/recording-forge.ts'
import { commitWork, historyOf, startWithWork } from '../support/session-work.ts'

const pr = { number: 7, url: 'https://github.com/o/r/pull/7' }

describe.concurrent('a session that becomes a pull request', () => {
  test('is pushed with upstream, opened with everything said, and stays until it is merged', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth', { 'auth.txt': 'x' }, '--goal', 'Add the login', '--issue', '12')

    const { status, json } = await project.json(['end', 'auth'])

    expect(json.data).toEqual({
      id: 'auth',
      strategy: 'pr',
      integrated: null,
      pr,
      pushed: true,
      worktreeRemoved: false,
      branchDeleted: false,
      trash: null,
    })
    expect(status).toBe(0)
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv.slice(0, -1)).toEqual([
      'pr',
      'create',
      '--repo',
      'github.com/o/r',
      '--base=main',
      '--head=session/auth',
      '--title=Add the login',
      '--body-file',
    ])
    expect(create?.cwd).toBe(session)
    expect(create?.body).toMatch(
      /^<!-- flightrules:begin -->\n\n## Goals\n\n- Add the login\n\n## Commits\n\n- work on auth\n\n<details>/,
    )
    expect(create?.body).toMatch(/\n\nCloses #12\n\n<!-- flightrules:end -->\n$/)
    expect(create?.body).toContain('- How: pr\n- Integration: request into main\n- Changes: 1 file, 1 insertion, 0 deletions\n')
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    expect(await project.git(['rev-parse', 'session/auth'], project.remotePath)).toBe(tip)
    expect(await project.git(['config', 'branch.session/auth.remote'])).toBe('origin')
    expect(await project.git(['config', 'branch.session/auth.merge'])).toBe('refs/heads/session/auth')
    expect(await project.git(['log', '-1', '--format=%s', 'session/auth'])).toBe('docs: session log of auth')
    // the log was pushed before there was a request to name
    const [log] = (await project.status()).sessions.map(({ sessionLog }) => sessionLog ?? '')
    expect(await project.git(['status', '--porcelain'], session)).toBe(` M ${log}`)
    expect(await project.git(['diff', '--unified=0'], session)).toMatch(
      /\n@@ .*\n\+- Request: https:\/\/github\.com\/o\/r\/pull\/7$/,
    )
    const changes = { staged: 0, modified: 0, untracked: 0, insertions: 0, deletions: 0 }
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', pr, status: 'active', changes }])
    expect((await historyOf(project, 'auth')).at(-1)).toMatchObject({ event: 'ended', reason: 'request', pr })
  })

  test('takes labels, reviewers and draft from the configuration, title and text from the flags', async () => {
    const config = { end: { pr: { draft: true, labels: ['bug', 'needs review'], reviewers: ['ann', 'o/team'] } } }
    const project = await makeForgeProject('gh', { config })
    await startWithWork(project, 'auth')
    await project.write('.git/my text.md', 'My own @words\n')
    await project.cli(['end', 'auth', '--title', '-- A "title" $(x)', '--body-file', '.git/my text.md'])
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv.slice(4)).toEqual([
      '--base=main',
      '--head=session/auth',
      '--title=-- A "title" $(x)',
      '--body-file',
      expect.stringMatching(/requests.[0-9a-f-]+.md$/),
      '--draft',
      '--label=bug',
      '--label=needs review',
      '--reviewer=ann',
      '--reviewer=o/team',
    ])
    expect(create?.body).toMatch(/^My own @.?words\n$/)
  })

  test('--draft alone makes a draft; a merge request through glab', async () => {
    const project = await makeForgeProject('glab')
    await startWithWork(project, 'auth', undefined, '--goal', 'Add the login')
    const { json } = await project.json(['end', 'auth', '--draft'])
    expect(json.data['pr']).toEqual({ number: 7, url: 'https://gitlab.com/g/s/r/-/merge_requests/7' })
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv).toEqual([
      'mr',
      'create',
      '--repo',
      'https://gitlab.com/g/s/r',
      '--target-branch=main',
      '--source-branch=session/auth',
      '--title=Add the login',
      expect.stringMatching(/^--description=<!-- flightrules:begin -->\n\n## Goals\n\n- Add the login/),
      '--yes',
      '--draft',
    ])
  })

  test('that is open already gets the new commits and is found again', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    await commitWork(project, session, 'review', { 'more.txt': 'x' })
    const { json } = await project.json(['end', 'auth'])
    expect(json.data).toMatchObject({ pr, pushed: true })
    expect((await project.calls()).filter(({ argv }) => argv[1] === 'create')).toHaveLength(1)
    expect(await project.git(['log', '-2', '--format=%s', 'session/auth'], project.remotePath)).toBe(
      'docs: session log of auth\nreview',
    )
    const log = (await project.status()).sessions[0]?.sessionLog ?? ''
    expect(await project.git(['show', `session/auth:${log}`], project.remotePath)).toMatch(
      /- Changes: 2 files, 2 insertions, 0 deletions\n- Commits:\n.* work on auth\n.* review\n- Request: \S+\/7\n<!--/,
    )
    expect(await project.git(['status', '--porcelain'], session)).toBe('')
  })

  test('keeps the address in its log through a merge by hand, and is cleaned up with it', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    const log = (await project.status()).sessions[0]?.sessionLog ?? ''
    await project.git(['merge', '--quiet', '--no-ff', '-m', 'merged', 'session/auth'])
    expect(existsSync(session)).toBe(false)
    expect(await project.read(log)).not.toContain('- Request')
    const stored = await project.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules/trash'])
    expect(await project.git(['show', `${stored}:${log}`])).toContain(`\n- Request: ${pr.url}\n`)
    expect(await historyOf(project, 'auth')).toContainEqual(expect.objectContaining({ reason: 'request', pr }))
  })

  test('and merged here after all has the address in its log', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    const log = (await project.status()).sessions[0]?.sessionLog ?? ''
    expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await project.read(log)).toMatch(/- Integration: merge into main\n[^]*\n- Request: \S+\/7\n/)
  })

  test('asked for twice changes nothing the second time', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    const tip = await project.git(['rev-parse', 'session/auth'])
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr })
    expect(await project.git(['rev-parse', 'session/auth'])).toBe(tip)
  })

  test('--commit commits first', async () => {
    const project = await makeForgeProject('gh')
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    expect((await project.cli(['end', 'auth', '--commit', 'Ask for a password'])).status).toBe(0)
    const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
    expect(create?.argv).toContain('--title=Ask for a password')
    expect(create?.body).toContain('- Ask for a password\n')
  })

  test('--push-only pushes and says where to open it by hand', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    const { stdout, status } = await project.cli(['end', 'auth', '--push-only'])
    expect(status).toBe(0)
    expect(stdout).toBe(
      `Pushed session auth\n  the worktree stays: ${session}\n  open the request: https://github.com/o/r/compare/main...session/auth?expand=1\n`,
    )
    expect(await project.calls()).toEqual([])
    const { json } = await project.json(['end', 'auth', '--push-only'])
    expect(json.data).toMatchObject({
      pr: null,
      pushed: true,
      compareUrl: 'https://github.com/o/r/compare/main...session/auth?expand=1',
    })
  })

  test('is cleaned up by the pull that brings its merge', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await project.cli(['end', 'auth'])
    const clone = join(project.parent, 'forge-clone')
    await project.git(['clone', '--quiet', project.remotePath, clone])
    await project.git(['merge', '--quiet', '--no-ff', '--no-edit', 'origin/session/auth'], clone)
    await project.git(['push', '--quiet'], clone)
    await project.git(['remote', 'set-url', 'origin', project.remotePath])
    await project.git(['pull', '--quiet'])
    expect(existsSync(session)).toBe(false)
    expect((await historyOf(project, 'auth')).map(({ event }) => event)).toEqual(['started', 'ended', 'cleaned-up'])
  })
})

describe.concurrent('when the base has moved', () => {
  test('and nothing conflicts, the count is said', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await commitWork(project, project.path, 'one', { 'one.txt': 'x' })
    await commitWork(project, project.path, 'two', { 'two.txt': 'x' })
    await project.git(['push', '--quiet'])
    const { status, json } = await project.json(['end', 'auth'])
    expect(status).toBe(0)
    expect(json.findings).toMatchObject([
      { code: 'BASE_MOVED', message: 'main has 2 commits that auth has not; no conflicts are to be expected' },
    ])
  })

  test('and it would conflict, the choices are to sync, to go on, or to keep', async () => {
    const project = await makeForgeProject('gh', { files: { 'a.txt': 'a\n' } })
    const session = await startWithWork(project, 'auth', { 'a.txt': 'session\n' })
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
    await project.git(['push', '--quiet'])
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    const { status, json } = await project.json(['end', 'auth'])
    expect([status, json.error.code, json.error.details]).toEqual([3, 'BASE_MOVED', { behind: 1, paths: ['a.txt'] }])
    expect(json.error.choices.map(({ flag }) => flag)).toEqual(['--sync rebase', '--proceed', '--strategy keep'])
    const synced = await project.json(['end', 'auth', '--sync', 'rebase'])
    expect([synced.status, synced.json.error.code]).toEqual([4, 'MERGE_CONFLICTS'])
    expect(await project.git(['rev-parse', 'HEAD'], session)).toBe(tip)
    expect((await project.json(['end', 'auth', '--proceed'])).json.data).toMatchObject({ pr })
  })

  test.for(['rebase', 'merge'] as const)('--sync %s brings the session onto what the remote has', async (method) => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    await project.git(['push', '--quiet'])
    await project.git(['reset', '--quiet', '--hard', 'HEAD^'])
    const { status } = await project.cli(['end', 'auth', '--sync', method])
    expect(status).toBe(0)
    const subjects = {
      rebase: ['docs: session log of auth', 'work on auth', 'meanwhile'],
      merge: ['docs: session log of auth', 'Merge main into session/auth'],
    }
    expect(
      (await project.git(['log', '--format=%s', 'session/auth'], session)).split('\n').slice(0, method === 'rebase' ? 3 : 2),
    ).toEqual(subjects[method])
    expect((await project.status()).sessions[0]?.lastSyncedAt).toMatch(/^\d{4}-/)
  })
})
