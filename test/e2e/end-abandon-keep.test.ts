import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, filesOf, historyOf, startWithWork } from '../support/session-work.ts'

interface TrashFile {
  readonly ref: string
  readonly path: string
  readonly head: string
  readonly branch: string
}

async function readTrash(project: TestProject, trash: unknown): Promise<TrashFile> {
  return JSON.parse(await readFile(join(project.path, `.git/flightrules/trash/${String(trash)}.json`), 'utf8')) as TrashFile
}

describe.concurrent('an abandoned session', () => {
  test('is in the trash with all it held: commits, index, changed, untracked and ignored files', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth', { 'a.txt': 'committed\n' })
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    await project.write(join(session, 'a.txt'), 'staged\n')
    await project.git(['add', 'a.txt'], session)
    await project.write(join(session, 'a.txt'), 'unstaged\n')
    await project.write(join(session, 'untracked/new.txt'), 'untracked\n')
    await project.write(join(session, '.env.mine'), 'SECRET=1\n')

    const { status, json } = await project.json(['end', 'auth', '--strategy', 'abandon'])

    expect(status).toBe(0)
    expect(json.data).toEqual({
      id: 'auth',
      strategy: 'abandon',
      integrated: null,
      pr: null,
      pushed: false,
      worktreeRemoved: true,
      branchDeleted: true,
      trash: expect.stringMatching(/^auth-/) as string,
    })
    const trash = await readTrash(project, json.data['trash'])
    expect(trash).toMatchObject({ id: 'auth', head: tip, branch: 'session/auth', reason: 'abandoned', from: session })
    const show = (object: string): Promise<string> => project.git(['show', object])
    expect(trash.ref).toMatch(/^refs\/flightrules\/trash\/auth\//)
    expect(await project.git(['rev-parse', `${trash.ref}^1`])).toBe(tip)
    expect([await show(`${trash.ref}:a.txt`), await show(`${trash.ref}^2:a.txt`), await show(`${trash.ref}^1:a.txt`)]).toEqual([
      'unstaged',
      'staged',
      'committed',
    ])
    expect(await show(`${trash.ref}:untracked/new.txt`)).toBe('untracked')
    expect(await readFile(join(trash.path, '.env.mine'), 'utf8')).toBe('SECRET=1\n')
    expect(await project.git(['status', '--porcelain'], trash.path)).toContain('MM a.txt')
    expect(existsSync(session)).toBe(false)
    expect(await branchesOf(project)).toEqual(['main'])
    expect((await project.status()).sessions).toEqual([])
    expect(await filesOf(project, 'main')).not.toContain('a.txt')
  })

  test('can be in the middle of a rebase', async () => {
    const project = await makeProject({ files: { 'a.txt': 'a\n' } })
    const session = await startWithWork(project, 'auth', { 'a.txt': 'session\n' })
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
    await project.git(['rebase', 'main'], session).catch(() => {})
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'abandon'])
    expect(status).toBe(0)
    const trash = await readTrash(project, json.data['trash'])
    expect(await project.git(['show', `${trash.ref}:a.txt`])).toContain('<<<<<<<')
  })

  test('keeps its branch with --keep-branch', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const { json } = await project.json(['end', 'auth', '--strategy', 'abandon', '--keep-branch'])
    expect(json.data).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
    expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
    expect(await project.git(['switch', 'session/auth'])).toBe('')
  })

  test('leaves its log in the main worktree with --save-log, uncommitted', async () => {
    const project = await makeProject()
    const { path, session } = await project.start('auth', '--goal', 'Try it')
    await project.write(join(path, 'a.txt'), 'x')
    const log = session.sessionLog ?? ''
    const { json } = await project.json(['end', 'auth', '--strategy', 'abandon', '--save-log'])
    expect(json.findings).toMatchObject([
      { code: 'SESSION_LOG_SAVED', message: `the session log is now in the main worktree: ${join(project.path, log)}` },
    ])
    expect(await project.read(log)).toContain('- Try it')
    expect(await project.read(log)).toMatch(
      /\n- Ended: \S+\n- How: abandon\n- Integration: none\n- Changes: none\n- Commits: none\n<!--/,
    )
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe(`?? ${log}`)
  })

  test('and the way it is said', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const { stdout } = await project.cli(['end', 'auth', '--strategy', 'abandon'])
    expect(stdout).toMatch(
      /^Abandoned session auth\n {2}removed the worktree and branch session\/auth\n {2}everything it held is in the trash as auth-\w+\n$/,
    )
  })
})

describe.concurrent('a kept session', () => {
  test('stays where it is, its branch pushed', async () => {
    const project = await makeProject({ remote: true })
    const session = await startWithWork(project, 'auth')
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'keep'])
    expect(json.data).toEqual({
      id: 'auth',
      strategy: 'keep',
      integrated: null,
      pr: null,
      pushed: true,
      worktreeRemoved: false,
      branchDeleted: false,
      trash: null,
    })
    expect(status).toBe(0)
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    expect(await project.git(['rev-parse', 'session/auth'], project.remotePath ?? '')).toBe(tip)
    expect(await project.git(['rev-parse', '--abbrev-ref', '@{upstream}'], session)).toBe('origin/session/auth')
    expect(await project.git(['status', '--porcelain'], session)).toBe('')
    const [entry] = (await project.status()).sessions
    expect(entry).toMatchObject({ id: 'auth', status: 'kept' })
    expect(entry?.states).toContain('kept')
    expect((await historyOf(project, 'auth')).at(-1)).toMatchObject({ event: 'ended', reason: 'kept' })
  })

  test('is not pushed where there is no remote, and --commit commits', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    const { json } = await project.json(['end', 'auth', '--strategy', 'keep', '--commit', 'So far'])
    expect(json.data).toMatchObject({ pushed: false, worktreeRemoved: false })
    expect(await project.git(['log', '--format=%s', 'main..session/auth'])).toBe('docs: session log of auth\nSo far')
  })

  test('whose push is refused is no kept session yet; the same command goes on', async () => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    await project.git(['remote', 'set-url', 'origin', join(project.parent, 'nowhere.git')])
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'keep'])
    expect([status, json.error.code]).toEqual([1, 'PUSH_FAILED'])
    expect((await project.status()).sessions).toMatchObject([{ status: 'active' }])
    await project.git(['remote', 'set-url', 'origin', project.remotePath ?? ''])
    expect((await project.json(['end', 'auth', '--strategy', 'keep'])).json.data).toMatchObject({ pushed: true })
    expect(await project.git(['log', '--format=%s', 'main..session/auth'])).toBe('docs: session log of auth\nwork on auth')
  })

  test('with --save-log leaves its log in the main worktree, with how it ended', async () => {
    const project = await makeProject()
    const { path, session } = await project.start('auth')
    const log = session.sessionLog ?? ''
    await commitWork(project, path, 'work', { 'a.txt': 'x\ny\n' })
    await commitWork(project, path, 'more', { 'a.txt': 'y\n' })
    await project.json(['end', 'auth', '--strategy', 'keep', '--save-log'])
    const saved = await project.read(log)
    expect(saved).toBe(await project.read(join(path, log)))
    expect(saved).toMatch(
      /- How: keep\n- Integration: none\n- Changes: 1 file, 1 insertion, 0 deletions\n- Commits:\n.* work\n.* more\n<!--/,
    )
  })

  test('with --save-log: never over a file that is there', async () => {
    const project = await makeProject()
    const { path, session } = await project.start('auth')
    const log = session.sessionLog ?? ''
    await commitWork(project, path, 'work', { 'a.txt': 'x' })
    await project.write(log, 'mine\n')
    const { json } = await project.json(['end', 'auth', '--strategy', 'keep', '--save-log'])
    expect(json.findings).toMatchObject([{ code: 'SESSION_LOG_NOT_SAVED' }])
    expect(await project.read(log)).toBe('mine\n')
  })

  test('can be merged later', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'keep'])
    expect((await project.json(['end', 'auth', '--strategy', 'merge'])).json.data).toMatchObject({ worktreeRemoved: true })
  })
})

describe.concurrent('what a merged session holds beside its commits', () => {
  test('goes to the trash when nothing can make it again', async () => {
    const project = await makeProject({ files: { '.gitignore': '*.db\nbuild/\n.env\nnode_modules/\n' } })
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, 'notes.db'), 'only here')
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge'])
    expect(json.data['trash']).toMatch(/^auth-/)
    const { path } = await readTrash(project, json.data['trash'])
    expect(path.startsWith(`${project.path}-sessions/.trash/`)).toBe(true)
    expect(await readFile(join(path, 'notes.db'), 'utf8')).toBe('only here')
    expect(existsSync(session)).toBe(false)
    // git knows where it went, and nobody takes it for a session
    expect((await project.status()).sessions).toEqual([])
    expect(await project.git(['status', '--porcelain'], path)).toBe('')
  })

  test('goes at once when it can be made again: dependencies, untouched env files', async () => {
    const config = { dependencies: { paths: ['node_modules'], strategy: 'clone' }, ports: { PORT: { from: 42300, to: 42399 } } }
    const project = await makeProject({ config })
    await project.write('.env', 'A=1\n')
    await project.write('.env.local', 'B=2\n')
    await project.write('node_modules/left-pad/index.js', 'x')
    const session = await startWithWork(project, 'auth')
    expect(await readFile(join(session, '.env.local'), 'utf8')).toMatch(/^B=2\n[^]*PORT=423\d\d/)
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge'])
    expect(json.data).toMatchObject({ trash: expect.stringMatching(/^auth-/) as string, purged: true })
    expect(existsSync(`${project.path}-sessions`)).toBe(false)
  })

  test('goes to the trash when an env file was changed there', async () => {
    const project = await makeProject()
    await project.write('.env', 'A=1\n')
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, '.env'), 'A=1\nNEW_KEY=2\n')
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge'])
    const { path } = await readTrash(project, json.data['trash'])
    expect(await readFile(join(path, '.env'), 'utf8')).toBe('A=1\nNEW_KEY=2\n')
  })

  test('and what git was told not to look at is noticed', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await project.git(['update-index', '--skip-worktree', 'README.md'], session)
    await project.write(join(session, 'README.md'), 'hidden change\n')
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge'])
    const { path } = await readTrash(project, json.data['trash'])
    expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('hidden change\n')
  })
})
