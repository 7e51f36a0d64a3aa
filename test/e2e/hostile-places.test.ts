import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject, withCommands } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { runJson, runProgram } from '../support/run-cli.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => `${join(entry.parentPath, entry.name)} ${await readFile(join(entry.parentPath, entry.name), 'base64')}`)
  return (await Promise.all(texts)).toSorted()
}

/** A session from its beginning to a merge, one that is put away, and one git makes itself. */
async function expectSessionsToWork(project: TestProject): Promise<void> {
  const path = await startWithWork(project, 'a', { 'a.txt': 'a\n' })
  expect((await project.status(path)).sessions).toMatchObject([{ id: 'a', ahead: 1, states: ['active'] }])
  const merged = await project.json(['end', 'a', '--strategy', 'merge'])
  expect(merged.json).toMatchObject({ ok: true, data: { worktreeRemoved: true } })
  expect(await project.git(['show', 'main:a.txt'])).toBe('a')
  await project.start('b')
  await writeFile(join(project.session('b'), 'b.txt'), 'b\n')
  const { json } = await project.json(['end', 'b', '--strategy', 'abandon'])
  expect(json).toMatchObject({ ok: true, data: { worktreeRemoved: true } })
  const refs = await project.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules/trash/b'])
  expect(await project.git(['show', `${refs}:b.txt`])).toBe('b')
  await project.git(['worktree', 'add', '-q', '-b', 'session/c', project.session('c')])
  await commitWork(project, project.session('c'), 'c', { 'c.txt': 'c\n' })
  await project.git(['merge', '-q', '--no-edit', 'session/c'])
  expect((await project.status()).sessions).toEqual([])
  expect(await project.git(['fsck', '--strict', '--no-dangling'])).toBe('')
}

describe.concurrent('a repository', () => {
  test('with object names of 64 digits works', async () => {
    const project = await makeProject({ env: { GIT_DEFAULT_HASH: 'sha256' } })
    expect(await project.git(['rev-parse', 'HEAD'])).toHaveLength(64)
    await expectSessionsToWork(project)
  })

  test('without a commit is refused before anything is made', async () => {
    const project = withCommands(await makeRepository({ empty: true }))
    const { status, json } = await project.json(['start', 'a'])
    expect({ status, code: json.error.code }).toEqual({ status: 3, code: 'NO_COMMITS' })
    expect(await readdir(project.parent)).toEqual(expect.not.arrayContaining(['project-sessions']))
    expect((await project.status()).sessions).toEqual([])
  })

  test('whose format this git does not know is refused with what git says, by every command', async () => {
    const project = await makeProject()
    await project.git(['config', 'core.repositoryFormatVersion', '1'])
    await project.git(['config', 'extensions.refStorage', 'reftable'])
    for (const args of [['status'], ['start', 'a'], ['end', 'a'], ['init']]) {
      const { status, json } = await project.json(args)
      expect({ args, status }).toEqual({ args, status: 1 })
      expect(json.error.message).toMatch(/refstorage/i)
      expect(JSON.stringify(json)).not.toContain('NOT_A_REPOSITORY')
    }
    expect(await readdir(project.parent)).toEqual(expect.not.arrayContaining(['project-sessions']))
  })

  test('is reached from a worktree of a worktree', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'a')
    await project.git(['worktree', 'add', '-q', '-b', 'inner', join(path, 'inner')], path)
    expect((await project.status(join(path, 'inner'))).main.path).toBe(project.path)
    const inside = await project.json(['start', 'b', '--from-here'], join(path, 'inner'))
    expect(inside.json.data).toMatchObject({ path: project.session('b'), session: { base: 'inner' } })
    // what is inside of it would go with it
    const { status, json } = await project.json(['end', 'a', '--strategy', 'abandon'])
    expect({ status, code: json.error.code }).toEqual({ status: 3, code: 'WORKTREE_INSIDE' })
    expect(json.error.message).toContain(join(path, 'inner'))
    expect(await readFile(join(path, 'inner/a.txt'), 'utf8')).toBe('a\n')
  })
})

describe.concurrent('run from', () => {
  test('a folder below main, a session or below one, it is about the same repository', async () => {
    const project = await makeProject({ files: { 'deep/er/x.txt': 'x\n' } })
    const { path } = await project.start('a')
    const here = await project.status()
    for (const cwd of [join(project.path, 'deep/er'), path, join(path, 'deep/er'), join(project.path, '.git')])
      expect(await project.status(cwd)).toEqual(here)
    expect((await project.cli(['path'], join(path, 'deep/er'))).stdout).toBe(`${path}\n`)
  })

  test('a session that is in the trash by now, it says what became of it and touches nothing', async () => {
    const project = await makeProject()
    const { path } = await project.start('a')
    await writeFile(join(path, 'mine.txt'), 'mine')
    const { json } = await project.json(['end', 'a', '--strategy', 'abandon'])
    const trashed = join(project.session('.trash'), String((json.data as Record<string, unknown>)['trash']))
    expect(await readFile(join(trashed, 'mine.txt'), 'utf8')).toBe('mine')
    expect((await project.status(trashed)).sessions).toEqual([])
    for (const args of [['end', '--strategy', 'abandon'], ['end', '--strategy', 'merge'], ['path'], ['setup'], ['start', 'b']]) {
      const { status, json: answer } = await project.json(args, trashed)
      expect({ args, ok: answer.ok, refused: status === 2 || status === 3 }).toEqual({ args, ok: false, refused: true })
    }
    expect(await readFile(join(trashed, 'mine.txt'), 'utf8')).toBe('mine')
  })

  test('a directory that was deleted, it says so', async () => {
    const project = await makeProject()
    const gone = join(project.path, 'gone')
    await mkdir(gone)
    const cli = join(packedPackage(), 'dist/cli.cjs')
    for (const command of ['status --json', 'start a --json', 'init --json', 'hook post-merge 0', 'hook post-checkout a b 1']) {
      await mkdir(gone, { recursive: true })
      const script = `cd '${gone}' && rmdir '${gone}' && '${process.execPath}' '${cli}' ${command}`
      const { status, stdout, stderr } = await runProgram('sh', ['-c', script], { cwd: project.path, env: project.env })
      expect(stdout + stderr).not.toMatch(/\n\s+at |uv_cwd/)
      if (command.startsWith('hook')) expect(status).toBe(0)
      else expect({ command, failed: status > 0, said: /director/.test(stdout) }).toEqual({ command, failed: true, said: true })
    }
  })

  test('outside any repository, or with a -C that is none, it says so', async () => {
    const project = await makeProject()
    for (const [args, cwd] of [
      [['status'], project.parent],
      [['-C', '/', 'status'], project.path],
      [['-C', join(project.parent, 'none'), 'status'], project.path],
      [['-C', '', 'status'], project.parent],
    ] as const) {
      const { status, json } = await project.json(args, cwd)
      expect({ args, status }).toEqual({ args, status: 2 })
      expect(json.error.message).not.toContain('undefined')
    }
  })
})

describe.concurrent('variables of git in the environment', () => {
  test('lead no command and no hook into another repository', async () => {
    const project = await makeProject({ remote: true })
    const other = await makeProject({ name: 'other' })
    await project.start('a')
    await other.git(['worktree', 'add', '-q', '--detach', join(other.parent, 'linked')])
    const git = join(other.path, '.git')
    const leaked: Record<string, string> = {
      GIT_DIR: git,
      GIT_WORK_TREE: other.path,
      GIT_INDEX_FILE: join(git, 'index'),
      GIT_COMMON_DIR: git,
      GIT_OBJECT_DIRECTORY: join(git, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: join(git, 'objects'),
      GIT_NAMESPACE: 'elsewhere',
      GIT_PREFIX: 'deep/',
      GIT_CONFIG: join(git, 'config'),
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.worktree',
      GIT_CONFIG_VALUE_0: other.path,
      GIT_CONFIG_KEY_1: 'core.hooksPath',
      GIT_CONFIG_VALUE_1: join(other.path, 'hooks'),
      GIT_CONFIG_PARAMETERS: "'core.bare=true' 'core.fsmonitor=touch canary'",
      GIT_LITERAL_PATHSPECS: '1',
      GIT_ICASE_PATHSPECS: '1',
      GIT_QUARANTINE_PATH: join(git, 'objects'),
      GIT_REFLOG_ACTION: 'forged',
      GIT_REPLACE_REF_BASE: 'refs/heads/',
      GIT_SHALLOW_FILE: join(git, 'shallow'),
      GIT_GRAFT_FILE: join(git, 'grafts'),
    }
    await other.write('hooks/post-checkout', '#!/bin/sh\ntouch canary\n')
    const before = await filesOf(other.parent)
    const session = project.session('a')
    await commitWork(project, session, 'work', { 'a.txt': 'a\n' })
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    const env = { ...project.env, ...leaked }
    const steps: readonly (readonly [args: readonly string[], cwd: string])[] = [
      [['status'], project.path],
      [['path', 'a'], project.path],
      [['env', 'a'], session],
      [['log', 'a'], session],
      [['config', 'show'], session],
      [['trust', '--show'], project.path],
      [['setup', 'a'], session],
      [['start', 'b', '--goal', 'x'], project.path],
      [['run', 'b', '--', 'git', 'rev-parse', '--show-toplevel'], project.path],
      [['end', 'b', '--strategy', 'abandon'], project.path],
      [['end', 'a', '--strategy', 'keep'], session],
      [['end', 'a', '--strategy', 'merge'], project.path],
      [['init'], project.path],
      [['init', '--remove'], project.path],
    ]
    for (const [args, cwd] of steps) {
      const { status, stdout, stderr } = await runProgram(
        process.execPath,
        [join(packedPackage(), 'dist/cli.cjs'), ...args.slice(0, 1), ...(args[0] === 'run' ? [] : ['--json']), ...args.slice(1)],
        { cwd, env },
      )
      expect({ args, status, said: status === 0 ? '' : stdout + stderr }).toEqual({ args, status: 0, said: '' })
      if (args[0] === 'run') expect(stdout).toBe(`${project.session('b')}\n`)
    }
    for (const name of [
      ['post-merge', '0'],
      ['post-checkout', '0'.repeat(40), tip, '1'],
      ['pre-push', 'origin', 'x'],
    ])
      await runProgram(process.execPath, [join(packedPackage(), 'dist/cli.cjs'), 'hook', ...name], { cwd: project.path, env })
    expect(await filesOf(other.parent)).toEqual(before)
    expect(await project.git(['show', 'main:a.txt'])).toBe('a')
    expect(await project.git(['config', 'core.bare'])).toBe('false')
    expect(await project.git(['rev-parse', 'session/a'], project.remotePath ?? '')).toMatch(/^[0-9a-f]{40}$/)
    expect(await project.git(['for-each-ref', 'refs/namespaces'], project.remotePath ?? '')).toBe('')
  })

  test('as a hook of a commit leaves them do not matter to what a hook of ours starts', async () => {
    const project = await makeProject({
      config: { postCreateHook: 'env | grep ^GIT_DIR= ; git rev-parse --show-toplevel > .env.where' },
    })
    // an alias or hook of somebody that makes a worktree in the middle of a commit
    await project.write(
      '.git/hooks/post-commit',
      `#!/bin/sh\nunset GIT_DIR GIT_INDEX_FILE\ngit worktree add -q -b side '${project.session('side')}'\n`,
    )
    await runProgram('chmod', ['755', '.git/hooks/post-commit'], { cwd: project.path, env: project.env })
    await project.commit('work', { 'w.txt': 'w' })
    expect((await project.status()).sessions).toMatchObject([{ path: project.session('side'), setup: { status: 'ok' } }])
    expect(await readFile(join(project.session('side'), '.env.where'), 'utf8')).toBe(`${project.session('side')}\n`)
    const { json } = await runJson(['status'], { cwd: project.path, env: project.env })
    expect(json.findings).toEqual([])
  })
})
