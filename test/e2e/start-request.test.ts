import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type ForgeProject, makeForgeProject } from '../support/recording-forge.ts'
import { runCli } from '../support/run-cli.ts'

const hookNames = [
  'pre-commit',
  'commit-msg',
  'post-commit',
  'post-checkout',
  'post-index-change',
  'pre-push',
  'pre-rebase',
  'post-merge',
  'post-rewrite',
  'reference-transaction',
]

const config = {
  postCreateHook: 'sh setup.sh',
  preRemoveHook: 'sh setup.sh',
  ports: { PORT: 3000 },
  dependencies: { paths: ['node_modules'] },
}
const request = {
  title: 'Add\u202e the \u001b[31mlogin\n--upload-pack=x',
  baseRefName: 'main',
  headRefName: 'main',
  isCrossRepository: true,
  headRepositoryOwner: { login: 'mallory' },
}

/** Work that runs something wherever somebody lets it. */
function trap(canary: string): Record<string, string> {
  const script = (name: string): string => `#!/bin/sh\ntouch '${canary}-${name}'\n`
  const hooks = hookNames.flatMap((name) => [
    [`.husky/${name}`, script(name)],
    [`.husky/_/${name}`, script(name)],
    [`.githooks/${name}`, script(name)],
  ])
  return {
    ...(Object.fromEntries(hooks) as Record<string, string>),
    'tools/clean.sh': `${script('filter')}cat\n`,
    'z.nb': 'z\n',
    'setup.sh': `${script('setup')}cat .env >'${canary}-secret'\n`,
    'watch.sh': script('fsmonitor'),
    'flightrules.config.json': JSON.stringify({ ...config, postCreateHook: `touch '${canary}-config'` }),
  }
}

const canaries = async (project: ForgeProject): Promise<string[]> =>
  (await readdir(project.parent)).filter((name) => name.startsWith('canary'))

describe.concurrent('somebody else’s request', () => {
  test('runs nothing of itself and gets no secret until a person approves the commit', async () => {
    const path = '.husky/_'

    const project = await makeForgeProject('gh', {
      config,
      hooks: 'husky',
      reach: 'ssh',
      files: { 'setup.sh': 'true\n', 'tools/clean.sh': 'cat\n', '.gitattributes': '*.nb filter=nb diff=nb\n' },
    })
    for (const name of ['clean', 'smudge']) await project.git(['config', `filter.nb.${name}`, 'sh tools/clean.sh'])
    await project.git(['config', 'diff.nb.textconv', 'sh tools/clean.sh'])
    await project.git(['config', 'core.hooksPath', path])
    await project.git(['config', 'core.fsmonitor', './watch.sh'])
    await project.write('.env', 'SECRET=topsecret-value\n')
    await project.write('node_modules/x/index.js', '')
    const canary = join(project.parent, 'canary')
    const head = await project.sendRequest(trap(canary))
    await project.setRequest(request)

    const { session, path: worktree } = await project.start('--pr', '7')

    expect(session).toMatchObject({
      id: 'pr-7',
      branch: 'pr/7',
      base: 'main',
      baseCommit: head,
      goals: ['Add the [31mlogin --upload-pack=x'],
      envFiles: [],
      setup: { status: 'untrusted' },
      pr: { number: 7, url: 'https://github.com/o/r/pull/7' },
      foreign: { request: 7, head, from: 'mallory' },
    })
    expect(await project.git(['for-each-ref', 'refs/flightrules'])).toBe('')
    expect(['.env', '.env.local', 'node_modules'].filter((name) => existsSync(join(worktree, name)))).toEqual([])
    // whatever a person or their tools let git do there
    await project.write(join(worktree, 'note.txt'), 'x')
    await project.git(['add', '--all'], worktree)
    await project.git(['commit', '--quiet', '--message', 'note'], worktree)
    await project.git(['switch', '--quiet', '--create', 'other'], worktree)
    await project.git(['rebase', '--quiet', '--force-rebase', 'HEAD^'], worktree)
    await project.git(['switch', '--quiet', 'pr/7'], worktree)
    await project.git(['branch', '-D', 'other'], worktree)
    await project.git(['push', '--quiet', 'origin', 'HEAD:refs/heads/elsewhere'], worktree)
    await project.status(worktree)
    for (const args of [
      ['setup', 'pr-7'],
      ['setup', 'pr-7', '--no-setup', '--yes'],
      ['trust', '--session', 'pr-7', '--yes'],
      ['end', 'pr-7', '--strategy', 'merge'],
    ]) {
      const { status, json } = await project.json(args)
      expect({ args, status, code: json.error.code }).toEqual({ args, status: 6, code: 'SESSION_NOT_TRUSTED' })
    }
    const doctor = JSON.stringify((await project.json(['doctor'])).json.data)
    expect(doctor).not.toContain('no-hooks')
    expect((await project.json(['end', 'pr-7', '--strategy', 'abandon'])).status).toBe(0)
    expect((await project.json(['restore', 'pr-7'])).status).toBe(0)
    await project.write(join(worktree, 'more.txt'), 'x')
    await project.git(['add', '--all'], worktree)
    await project.git(['commit', '--quiet', '--message', 'more'], worktree)
    expect((await project.json(['setup', 'pr-7'])).status).toBe(6)
    expect([await canaries(project), existsSync(join(worktree, '.env'))]).toEqual([[], false])

    // a record that is lost makes it nobody's, not the person's own
    await rm(join(await project.git(['rev-parse', '--absolute-git-dir'], worktree), 'flightrules.json'))
    expect((await project.status()).sessions).toMatchObject([
      { id: 'pr-7', states: ['held'], setup: { status: 'untrusted' }, foreign: { request: 0 } },
    ])
    expect([await canaries(project), existsSync(join(worktree, '.env'))]).toEqual([[], false])

    // what is approved is one commit, of this session
    const tip = await project.git(['rev-parse', 'HEAD'], worktree)
    const shown = await project.json(['trust', '--session', 'pr-7', '--show'])
    expect(shown.json.data).toMatchObject({
      commit: tip,
      trusted: false,
      from: 'somebody: the record was lost',
      copies: ['.env'],
      commands: [{ phase: 'postCreateHook', command: 'sh setup.sh' }, expect.anything()],
      runs: expect.arrayContaining(['.githooks/pre-commit', '.husky/_/pre-commit', 'setup.sh']),
    })
    const wrong = await project.json(['trust', '--session', 'pr-7', '--digest', head])
    expect([wrong.status, wrong.json.error.code]).toEqual([6, 'COMMIT_CHANGED'])
    expect((await project.json(['trust', '--session', 'pr-7', '--digest', tip])).json.data).toMatchObject({ trusted: true })
    expect(await canaries(project)).toEqual([])
    expect((await project.status()).sessions[0]?.states).not.toContain('held')
    expect((await project.json(['setup', 'pr-7'])).json.data).toMatchObject({ session: { setup: { status: 'ok' } } })
    expect(await canaries(project)).toEqual(expect.arrayContaining(['canary-secret', 'canary-setup']))
    expect(await canaries(project)).not.toContain('canary-config')
    expect(await project.git(['config', 'core.hooksPath'], worktree)).toBe(path)
    expect(await project.git(['config', '--local', '--get-regexp', '^includeif'], project.path).catch(() => '')).toBe('')
    // a commit that comes later is another one
    await project.git(['commit', '--quiet', '--no-verify', '--allow-empty', '--message', 'later'], worktree)
    expect((await project.json(['setup', 'pr-7'])).json.error.code).toBe('SESSION_NOT_TRUSTED')
    expect((await project.cli(['status'])).stdout).toMatch(
      /held.*Held until somebody has looked at it:\n {2}flightrules trust --session pr-7/s,
    )
    expect((await project.json(['trust', '--session', 'pr-7', '--revoke'])).json.data).toEqual({ revoked: 1 })
    expect(await project.git(['config', 'core.hooksPath'], worktree)).toMatch(/no-hooks$/)
  })

  test('from a branch of the same repository goes back where it came from, and is pulled from there', async () => {
    const project = await makeForgeProject('gh', {
      reach: 'ssh',
      host: 'git.example.com',
      config: { forges: { 'git.example.com': 'github' } },
    })
    const head = await project.sendRequest({ 'a.txt': 'a\n' })
    await project.git(['push', '--quiet', project.remotePath, `refs/pull/7/head:refs/heads/fix/login`], project.remotePath)
    await project.setRequest({ ...request, headRefName: 'fix/login', isCrossRepository: false, state: 'CLOSED' })
    for (const flags of [['--issue', '3'], ['--base', 'main'], ['--carry'], ['--standard']]) {
      const { status, json } = await project.json(['start', '--pr', '7', ...flags])
      expect([status, json.error.code]).toEqual([2, 'USAGE'])
    }
    const plan = await project.json(['start', '--pr', '7', '--dry-run'])
    expect(plan.json.data).toMatchObject({
      plan: {
        steps: expect.arrayContaining([{ kind: 'create-branch', branch: 'fix/login', oid: head, undo: expect.any(String) }]),
      },
    })
    expect(await project.git(['for-each-ref', 'refs/flightrules', 'refs/heads/fix'])).toBe('')
    await project.git(['branch', 'fix/login', 'main'])
    const taken = await project.json(['start', '--pr', '7'])
    expect([taken.status, taken.json.error.code, taken.json.error.choices.map(({ flag }) => flag)]).toEqual([
      3,
      'BRANCH_EXISTS',
      ['--reuse-branch'],
    ])
    const reused = await project.json(['start', 'look', '--pr', '7', '--reuse-branch'])
    expect(reused.json.findings.map(({ code }) => code)).toEqual(['REQUEST_NOT_OPEN', 'REQUEST_DIFFERS'])
    expect((await project.json(['end', 'look', '--strategy', 'abandon', '--keep-branch'])).status).toBe(0)
    await project.git(['branch', '-D', 'fix/login'])

    const { session, path } = await project.start('--pr', '7', '--goal', 'mine')

    expect(session).toMatchObject({
      id: 'pr-7',
      branch: 'fix/login',
      goals: ['mine'],
      pr: { url: 'https://git.example.com/o/r/pull/7' },
    })
    expect((await project.calls()).at(-1)?.argv.slice(0, 5)).toEqual(['pr', 'view', '7', '--repo', 'git.example.com/o/r'])
    const next = await project.sendRequest({ 'b.txt': 'b\n' }, 'refs/heads/fix/login')
    await project.git(['pull', '--quiet'], path)
    expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(next)
    await project.git(['commit', '--quiet', '--allow-empty', '--message', 'suggestion'], path)
    await project.git(['push', '--quiet'], path)
    expect(await project.git(['rev-parse', 'fix/login'], project.remotePath)).toBe(await project.git(['rev-parse', 'HEAD'], path))
  })

  test('on a GitLab of its own is a merge request', async () => {
    const project = await makeForgeProject('glab', {
      reach: 'ssh',
      host: 'git.example.com',
      config: { forges: { 'git.example.com': 'gitlab' } },
    })
    const head = await project.sendRequest({ 'a.txt': 'a\n' })
    await project.setRequest({ source_branch: 'x', target_branch: 'main', source_project_id: 5, author: { username: 'zoe' } })
    const { session, path } = await project.start('--pr', '7')
    expect(session).toMatchObject({
      branch: 'pr/7',
      foreign: { request: 7, head, from: 'zoe' },
      pr: { url: 'https://git.example.com/g/s/r/-/merge_requests/7' },
    })
    const next = await project.sendRequest({ 'b.txt': 'b\n' })
    await project.git(['pull', '--quiet'], path)
    expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(next)
    // what is added to it here goes its own way: the fork is not ours to push to
    await project.git(['commit', '--quiet', '--allow-empty', '--message', 'suggestion'], path)
    await project.setRequest({})
    const ended = await project.json(['end', 'pr-7', '--strategy', 'pr', '--proceed'])
    expect([ended.status, ended.json.findings.map(({ code }) => code)]).toEqual([0, ['REQUEST_OF_ITS_OWN']])
    expect(await project.git(['rev-parse', 'pr/7'], project.remotePath)).toBe(await project.git(['rev-parse', 'HEAD'], path))
  })

  test('that is killed on the way is whole or gone, and held wherever it is there', async () => {
    const points = [
      'after:create-branch',
      'after:add-worktree',
      'after-git:config#3',
      'before:write-record',
      'after:write-record',
      'before:follow-remote',
      'after:activate-session',
    ]
    await Promise.all(
      points.map(async (point) => {
        const project = await makeForgeProject('gh', { config, reach: 'ssh' })
        await project.git(['config', 'core.hooksPath', '.githooks'])
        await project.write('.env', 'SECRET=topsecret-value\n')
        await project.sendRequest(trap(join(project.parent, 'canary')))
        await project.setRequest(request)
        const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` }
        expect((await runCli(['start', '--pr', '7'], { cwd: project.path, env })).status).not.toBe(0)
        const { sessions } = await project.status()
        const path = project.session('pr-7')
        expect({ point, sessions: sessions.length, path: existsSync(path) }).toEqual({
          point,
          sessions: sessions.length,
          path: sessions.length === 1,
        })
        if (sessions.length === 0) await project.start('--pr', '7')
        await project.git(['commit', '--quiet', '--allow-empty', '--message', 'x'], path)
        expect((await project.json(['setup', 'pr-7'])).status).toBe(6)
        expect({ point, canaries: await canaries(project), env: existsSync(join(path, '.env')) }).toEqual({
          point,
          canaries: [],
          env: false,
        })
      }),
    )
  })
})
