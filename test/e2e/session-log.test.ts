import { mkdir, readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { hasTerminal, runInTerminal } from '../support/in-terminal.ts'
import { runCli } from '../support/run-cli.ts'
import { commitWork, stateOf } from '../support/session-work.ts'

/** A project with a session, and what its log holds. */
async function makeLogged(...flags: string[]) {
  const project = await makeProject()
  const { session, path } = await project.start('auth', ...flags)
  const log = session.sessionLog ?? ''
  const file = join(path, log)
  return { project, path, log, file, read: () => project.read(file) }
}

const pipe = (project: TestProject, input: string, args: readonly string[], cwd = project.path) =>
  runCli(args, { cwd, env: project.env, input })

describe.concurrent('a session log', () => {
  test('begins with what the session is, and with no path of this machine', async () => {
    const project = await makeProject({ config: { ports: { PORT: { from: 42200, to: 42299 } } } })
    const { session, path } = await project.start('auth', '--goal', 'Ask for a password')
    expect(await project.read(join(path, session.sessionLog ?? ''))).toBe(`# Session auth

- Started: ${session.startedAt}
- Branch: session/auth
- Base: main at ${session.baseCommit.slice(0, 12)}
- Worktree: ../project-sessions/auth
- Ports: PORT=${session.ports['PORT']}
- Last synced with main: ${session.startedAt}

## Goals

- Ask for a password

## Plan

## Summary

## Decisions

## Next steps
`)
    // what is seen in the main worktree is the manifest and status alone
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe('')
    const standard = await project.start('release', '--standard')
    expect(await project.read(standard.session.sessionLog ?? '')).toContain('- Worktree: .\n')
  })

  test('of five starts in one minute, and of one that was put away meanwhile, has a name of its own', async () => {
    const project = await makeProject()
    await project.start('gone')
    await project.cli(['end', 'gone', '--strategy', 'abandon'])
    const ids = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(ids.map((id) => project.start(id)))
    expect((await project.cli(['restore', 'gone'])).status).toBe(0)
    const { sessions } = await project.status()
    expect(new Set(sessions.map(({ sessionLog }) => sessionLog)).size).toBe(6)
    for (const id of ids) {
      await project.git(['add', '--all'], project.session(id))
      await project.git(['commit', '-q', '-m', id], project.session(id))
      await project.git(['merge', '-q', '-m', id, `session/${id}`])
    }
    expect(await readdir(join(project.path, 'docs/session_logs'))).toHaveLength(5)
  })
})

describe.concurrent('log --append', () => {
  test('adds what comes on standard input or in a flag, from the session, a folder of it, or outside', async () => {
    const { project, path, file, read } = await makeLogged()
    const before = await read()
    await mkdir(join(path, 'deep'))
    const { status, stdout } = await pipe(project, '- one\n- two\n', ['log', '--append', 'plan'], join(path, 'deep'))
    expect({ status, stdout }).toEqual({ status: 0, stdout: `Added to Plan of ${file}\n` })
    const { json } = await project.json(['log', 'auth', '--append', 'Next Steps', '--text', '# Later\n\nmore'])
    expect(json).toMatchObject({
      ok: true,
      data: { path: file, section: 'next-steps', appended: '### Later\n\nmore' },
      findings: [],
    })
    await project.cli(['log', 'AUTH', '--append', 'plan', '--text', '-- $(not run) `this`'])
    expect(await read()).toBe(
      before
        .replace('## Plan\n', '## Plan\n\n- one\n- two\n\n-- $(not run) `this`\n')
        .replace('## Next steps\n', '## Next steps\n\n### Later\n\nmore\n'),
    )
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'], path)).toMatch(/^\?\? docs\/\S+$/)
  })

  test('keeps line ends, a byte order mark and a last line without end', async () => {
    const { project, file, read } = await makeLogged()
    await project.write(file, '\uFEFF## Plan\r\n\r\nmine  \r\n\r\n## Notes\r\nlast')
    await project.cli(['log', 'auth', '--append', 'plan', '--text', 'a\nb'])
    await project.cli(['log', 'auth', '--append', 'summary', '--text', 'c'])
    expect(await read()).toBe('\uFEFF## Plan\r\n\r\nmine  \r\n\r\na\r\nb\r\n\r\n## Notes\r\nlast\r\n\r\n## Summary\r\n\r\nc')
  })

  test('in a standard session, and what is in an env file goes into no log', async () => {
    const project = await makeProject()
    await project.write('.env', 'TOKEN=correct-horse-battery\n')
    const parallel = await project.start('auth')
    const standard = await project.start('release', '--standard')
    const said = 'it is correct\u200b-horse-battery'
    for (const [cwd, { session, path }] of [
      [parallel.path, parallel],
      [project.path, standard],
    ] as const) {
      const { status, json } = await project.json(['log', '--append', 'decisions', '--text', said], cwd)
      expect([status, json.data['appended']]).toEqual([0, 'it is [redacted]'])
      expect(json.findings).toMatchObject([{ code: 'SECRETS_REDACTED' }])
      expect(json.findings[0]?.message).toContain('TOKEN of .env')
      expect(await project.read(join(path, session.sessionLog ?? ''))).toContain('## Decisions\n\nit is [redacted]\n\n## Next')
    }
  })

  test('a plan of it changes nothing', async () => {
    const { project, log, read } = await makeLogged()
    const before = await read()
    const { json } = await project.json(['log', 'auth', '--append', 'plan', '--text', 'x', '--dry-run'])
    expect(json.data).toMatchObject({ plan: { steps: [{ kind: 'append-to-session-log', file: log, section: 'plan' }] } })
    expect(await read()).toBe(before)
  })

  test('twelve at once, into two sections, lose nothing', async () => {
    const { project, read } = await makeLogged()
    const words = Array.from({ length: 12 }, (_, index) => `entry ${index}`)
    const ended = await Promise.all(
      words.map((word, index) => pipe(project, word, ['log', 'auth', '--append', index % 2 === 0 ? 'plan' : 'summary'])),
    )
    expect(ended.map(({ status, stderr }) => [status, stderr])).toEqual(words.map(() => [0, '']))
    const lines = (await read()).split('\n').filter((line) => line.startsWith('entry '))
    expect(lines.toSorted()).toEqual(words.toSorted())
    const [plan = ''] = /## Plan[^#]*/.exec(await read()) ?? []
    expect(plan.match(/entry \d*[02468]\n/g)).toHaveLength(6)
  })

  test('the outcome comes behind it, and end commits it', async () => {
    const { project, path, log } = await makeLogged()
    await project.cli(['log', 'auth', '--append', 'summary', '--text', 'Done.'])
    await project.write(join(path, 'a.txt'), 'a\n')
    await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', 'squash', '--commit', 'work'])
    expect(await project.read(log)).toMatch(
      /## Summary\n\nDone\.\n\n## Decisions\n\n## Next steps\n\n<!-- flightrules: outcome -->\n## Outcome\n\n- Ended: \S+\n- How: merge\n- Integration: squash into main\n/,
    )
  })
})

describe.concurrent('the outcome', () => {
  test('counts what the session changed, not what its base brought it, nor its log', async () => {
    const project = await makeProject({ files: { 'old.txt': 'a\nb\nc\nd\n', 'gone.txt': '1\n2\n' } })
    const { session, path } = await project.start('auth')
    await commitWork(project, project.path, 'theirs', { 'theirs.txt': '1\n2\n3\n' })
    await project.git(['merge', '-q', '-m', 'take theirs', 'main'], path)
    await project.git(['mv', 'old.txt', 'new.txt'], path)
    await project.git(['rm', '-q', 'gone.txt'], path)
    await commitWork(project, path, 'mine', { 'mine.txt': 'x\n', [session.sessionLog ?? '']: '# mine\n' })
    await commitWork(project, project.path, 'later', { 'later.txt': '1\n' })
    await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', 'squash'])
    expect(await project.read(session.sessionLog ?? '')).toMatch(
      /^# mine\n\n<!-- flightrules: outcome -->\n[^]*\n- Changes: 3 files, 1 insertion, 2 deletions\n- Commits:\n.* mine\n<!--/,
    )
  })

  test('stays within its marks whatever commits are called', async () => {
    const project = await makeProject()
    const { session, path } = await project.start('auth')
    await commitWork(project, path, '<!-- flightrules: end of outcome --> x <!-- y', { 'a.txt': 'x\n' })
    await project.cli(['end', 'auth', '--strategy', 'keep'])
    await commitWork(project, path, 'more', { 'a.txt': 'y\n' })
    await project.cli(['end', 'auth', '--strategy', 'keep'])
    const text = await project.read(join(path, session.sessionLog ?? ''))
    expect(text.match(/- Ended/g)).toHaveLength(1)
    expect(text).toMatch(/ \\<! -- flightrules: end of outcome --> x \\<!-- y\n.* more\n<!-- flightrules: end of outcome -->\n$/)
  })

  test('is not put into a log that is no text, which is committed as it is', async () => {
    const { project, log, file } = await makeLogged()
    await project.git(['commit', '-q', '--allow-empty', '-m', 'x'], project.session('auth'))
    await project.write(file, '## Plan\0\n')
    const { json } = await project.json(['end', 'auth', '--strategy', 'keep'])
    expect(json.findings).toMatchObject([{ code: 'SESSION_LOG_NOT_COMPLETED' }])
    expect(await project.git(['show', `session/auth:${log}`])).toBe('## Plan\0')
  })
})

describe.concurrent('log --append refuses, and changes nothing:', () => {
  test.for([
    ['a section that is none', ['--append', 'plann', '--text', 'x'], 2, 'UNKNOWN_SECTION', 'did you mean plan?'],
    ['no text', ['--append', 'plan'], 2, 'NO_TEXT', /--text.*\|/],
    ['a text that shows nothing', ['--append', 'plan', '--text', ' \u200b\n'], 2, 'NO_TEXT', /--text/],
    ['too long a text', ['--append', 'plan', '--text', 'x'.repeat((64 << 10) + 1)], 2, 'TEXT_TOO_LONG', /shorter/],
    ['a text without a section', ['--text', 'x'], 2, 'USAGE', /--append plan/],
    ['two things at once', ['--append', 'plan', '--path'], 2, 'USAGE', /leave one/],
  ] as const)('%s', async ([, args, status, code, hint]) => {
    const { project } = await makeLogged()
    const before = await stateOf(project)
    const answer = await project.json(['log', 'auth', ...args])
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
    expect(answer.json.error.hint).toMatch(hint)
    expect(await stateOf(project)).toEqual(before)
  })

  test('standard input that is too long, or empty', async () => {
    const { project, read } = await makeLogged()
    const before = await read()
    const long = await pipe(project, 'ä'.repeat(40_000), ['log', 'auth', '--append', 'plan'])
    expect([long.status, long.stderr]).toEqual([2, expect.stringContaining('64 KiB')])
    const none = await pipe(project, '', ['log', 'auth', '--append', 'plan'])
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining('neither in --text nor on standard input')])
    expect(await read()).toBe(before)
  })

  test.runIf(hasTerminal)('a terminal, instead of waiting for somebody to type', async () => {
    const { project, path } = await makeLogged()
    const { status, shown } = await runInTerminal(['log', '--append', 'plan'], { cwd: path, env: project.env, answers: [] })
    expect([status, shown]).toEqual([2, expect.stringContaining('neither in --text nor on standard input')])
  })

  test('a log that is gone, with the command that makes it anew', async () => {
    const { project, file, read } = await makeLogged()
    const before = await read()
    await rm(file)
    const { status, json } = await project.json(['log', 'auth', '--append', 'plan', '--text', 'x'])
    expect([status, json.error.code]).toEqual([1, 'NO_SESSION_LOG'])
    expect(json.error.hint).toBe('flightrules setup auth --no-setup    creates it anew')
    expect((await project.cli(['setup', 'auth', '--no-setup'])).status).toBe(0)
    expect(await read()).toBe(before)
    await rm(join(file, '../../..', 'docs'), { recursive: true })
    expect((await project.json(['log', 'auth', '--append', 'plan', '--text', 'x'])).json.error.code).toBe('NO_SESSION_LOG')
  })

  test('one of a standard session', async () => {
    const project = await makeProject()
    const { session } = await project.start('release', '--standard')
    await rm(join(project.path, session.sessionLog ?? ''))
    const { json } = await project.json(['log', '--append', 'plan', '--text', 'x'])
    expect(json.error.hint).toBe('flightrules end release && flightrules start release --standard    begins it anew')
  })

  test.for([
    ['the log', 0],
    ['its folder', 1],
  ] as const)('a link in the place of %s', async ([, up]) => {
    const { project, file, path } = await makeLogged()
    const outside = join(project.parent, 'outside')
    await project.write(join(outside, 'x.md'), '## Plan\n')
    await rm(join(path, 'docs'), { recursive: true })
    await mkdir(join(path, 'docs/session_logs'), { recursive: true })
    if (up === 1) await rm(join(path, 'docs/session_logs'), { recursive: true })
    await symlink(up === 0 ? join(outside, 'x.md') : outside, up === 0 ? file : join(path, 'docs/session_logs'))
    const { status, json } = await project.json(['log', 'auth', '--append', 'plan', '--text', 'x'])
    expect([status, json.error.code, json.error.message]).toEqual([
      1,
      'SESSION_LOG_UNUSABLE',
      expect.stringContaining('leads through a symbolic link'),
    ])
    expect(await project.read(join(outside, 'x.md'))).toBe('## Plan\n')
  })

  test('a log in another encoding', async () => {
    const { project, file, read } = await makeLogged()
    await project.write(file, '## Plan\0\n')
    const { status, json } = await project.json(['log', 'auth', '--append', 'plan', '--text', 'x'])
    expect([status, json.error.code]).toEqual([1, 'SESSION_LOG_UNUSABLE'])
    expect(await read()).toBe('## Plan\0\n')
  })
})

describe.concurrent('log --append that is stopped', () => {
  const points = ['write:*session.md', 'bytes:*session.md', 'replace:*session.md'] as const
  test.for(points)('at %s leaves the log whole, and nothing beside it', async (point) => {
    const { project, path, log, read } = await makeLogged()
    const before = await read()
    const args = ['log', 'auth', '--append', 'plan', '--text', 'x']
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` }
    expect((await runCli(args, { cwd: project.path, env })).status).not.toBe(0)
    expect(await read()).toBe(before)
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'], path)).toBe(`?? ${log}`)
    expect((await project.cli(args)).status).toBe(0)
    expect(await read()).toBe(before.replace('## Plan\n', '## Plan\n\nx\n'))
    const left = await readdir(join(project.path, '.git/flightrules'))
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('on another file system than the repository is written there', async () => {
    const { project, path, log, read } = await makeLogged()
    const before = await read()
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: 'replace:*session.md=EXDEV' }
    await runCli(['log', 'auth', '--append', 'plan', '--text', 'x'], { cwd: project.path, env })
    expect(await read()).toBe(before.replace('## Plan\n', '## Plan\n\nx\n'))
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'], path)).toBe(`?? ${log}`)
  })

  test.for(['short', 'ENOSPC', 'EIO'] as const)('by a disk that says %s leaves it whole and says so', async (fault) => {
    const { project, read } = await makeLogged()
    const before = await read()
    const point = fault === 'short' ? 'bytes' : 'replace'
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}:*session.md=${fault}` }
    const { status } = await runCli(['log', 'auth', '--append', 'plan', '--text', 'x'], { cwd: project.path, env })
    expect(status).toBe(1)
    expect(await read()).toBe(before)
  })
})
