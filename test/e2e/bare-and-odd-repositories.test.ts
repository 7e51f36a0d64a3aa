import { mkdir, readFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { init, makeProject, withCommands } from '../support/flightrules-project.ts'
import { makeRepository, type TestRepository } from '../support/repository.ts'

/** The same repository seen from another path. */
const at = (repository: TestRepository, path: string) =>
  withCommands({
    ...repository,
    path,
    git: (args, cwd = path) => repository.git(args, cwd),
    commit: (message, files, cwd = path) => repository.commit(message, files, cwd),
  })

test.concurrent('a bare repository has sessions too; what needs a main worktree says so', async () => {
  const repository = await makeRepository({ remote: true })
  const bare = at(repository, repository.remotePath ?? '')
  const { session } = await bare.start('a')
  expect(session).toMatchObject({ id: 'a', base: 'main', status: 'active' })
  const report = await bare.status()
  const { main, sessions } = report
  expect(main.clean).toBeNull()
  expect(sessions).toMatchObject([{ id: 'a', states: ['active'] }])
  expect(await bare.status(sessions[0]?.path)).toEqual(report)
  const standard = await bare.json(['start', '--standard'])
  expect({ status: standard.status, code: standard.json.error.code }).toEqual({ status: 2, code: 'BARE_REPOSITORY' })
})

test.concurrent('a shallow clone works', async () => {
  const repository = await makeRepository({ remote: true })
  await repository.commit('second', { 'a.txt': 'a\n' })
  await repository.git(['push', '-q'])
  const shallow = join(repository.parent, 'shallow')
  await repository.git(['clone', '-q', '--depth', '1', `file://${repository.remotePath}`, shallow])
  const project = at(repository, shallow)
  await init(project, 'native')
  await project.start('a')
  await project.commit('work', { 'w.txt': 'w\n' }, project.session('a'))
  expect((await project.status()).sessions).toMatchObject([{ id: 'a', ahead: 1, behind: 0, states: ['active'] }])
})

test.concurrent('a repository with a submodule works, and the submodule is not taken for a session', async () => {
  const project = await makeProject({ remote: true })
  const { path: library } = await makeRepository({ name: 'library' })
  await project.git(['submodule', '--quiet', 'add', library, 'lib'])
  await project.commit('add the submodule')
  await project.start('a')
  const { sessions, main } = await project.status()
  expect(sessions).toMatchObject([{ id: 'a', states: ['active'], changes: { modified: 0 } }])
  expect(main.clean).toBe(true)
  await project.git(['submodule', '--quiet', 'update', '--init'], project.session('a'))
  expect((await project.status()).sessions[0]?.changes).toMatchObject({ staged: 0, modified: 0, untracked: 0 })
})

test.concurrent('a submodule is a repository of its own, with sessions of its own', async () => {
  const project = await makeProject()
  const { path: library } = await makeRepository({ name: 'library' })
  await project.git(['submodule', '--quiet', 'add', library, 'lib'])
  await project.commit('add the submodule')
  const submodule = at(project, join(project.path, 'lib'))
  const { session, path } = await submodule.start('a')
  expect({ path, worktree: session.worktree }).toEqual({
    path: join(project.path, 'lib-sessions/a'),
    worktree: '../lib-sessions/a',
  })
  const report = await submodule.status(path)
  expect(report.main).toEqual({ path: submodule.path, branch: 'main', clean: true })
  expect(await submodule.status()).toEqual(report)
  expect((await project.status()).sessions).toEqual([])
})

test.concurrent('a git directory that is elsewhere is no obstacle', async () => {
  const repository = await makeRepository()
  await repository.git(['init', '-q', '--separate-git-dir', join(repository.parent, 'hidden.git')])
  const project = withCommands(repository)
  await init(project, 'native')
  const { path } = await project.start('a')
  expect(path).toBe(project.session('a'))
  await project.git(['worktree', 'add', '-q', '-b', 'b', join(repository.parent, 'b')])
  const { main, sessions } = await project.status()
  expect(main.path).toBe(project.path)
  expect(sessions).toMatchObject([
    { id: 'a', states: ['active'] },
    { id: 'b', states: ['active'] },
  ])
  const inside = await project.json(['status'], path)
  expect({ status: inside.status, code: inside.json.error.code }).toEqual({ status: 2, code: 'MAIN_NOT_FOUND' })
  expect((await readdir(repository.parent)).toSorted()).toEqual(['b', 'hidden.git', 'home', 'project', 'project-sessions'])
})

test.concurrent('a bare repository hidden in a folder gives its sessions the name of that folder', async () => {
  const repository = await makeRepository({ remote: true })
  const folder = join(repository.parent, 'work')
  await repository.git(['clone', '-q', '--bare', repository.remotePath ?? '', join(folder, '.bare')])
  await repository.write(join(folder, '.git'), 'gitdir: ./.bare\n')
  const project = at(repository, folder)
  expect((await project.start('a')).path).toBe(join(folder, 'work-sessions/a'))
  expect((await project.status(join(folder, 'work-sessions/a'))).sessions).toMatchObject([{ id: 'a', states: ['active'] }])
})

test.concurrent('a sparse checkout stays sparse in a session', async () => {
  const project = await makeProject({ files: { 'in/a.txt': 'a\n', 'out/b.txt': 'b\n' } })
  await project.git(['sparse-checkout', 'set', 'in'])
  const { path } = await project.start('a')
  expect((await project.status()).sessions).toMatchObject([{ id: 'a', states: ['active'], changes: { staged: 0, modified: 0 } }])
  expect(await readFile(join(path, 'in/a.txt'), 'utf8')).toBe('a\n')
})

test.concurrent('with a detached HEAD in main a session starts from the base branch all the same', async () => {
  const project = await makeProject()
  await project.git(['checkout', '-q', '--detach'])
  expect((await project.start('a')).session.base).toBe('main')
  expect((await project.status()).main.branch).toBeNull()
  expect((await project.cli(['status'])).stdout).toContain('no branch')
})

test.concurrent('on an unborn branch with no other, there is nothing to start from; with another, it is named', async () => {
  const project = await makeProject({ config: { base: 'main' } })
  await project.git(['checkout', '-q', '--orphan', 'fresh'])
  await project.git(['rm', '-rq', '--cached', '.'])
  await project.git(['clean', '-fdq'])
  expect((await project.status()).main).toMatchObject({ branch: 'fresh' })
  const { status, json } = await project.json(['start', 'a', '--base', 'main', '--no-setup'])
  expect({ status, base: (json.data as unknown as { session?: { base: string } } | undefined)?.session?.base }).toEqual({
    status: 0,
    base: 'main',
  })
})

test.concurrent('a branch name as a path, a tag of the same name and a packed ref do not confuse the base', async () => {
  const project = await makeProject()
  await project.git(['tag', 'main', 'HEAD'])
  await project.write('main', 'a file called main\n')
  await project.commit('a file called main')
  await project.git(['pack-refs', '--all'])
  const { session } = await project.start('a')
  expect(session.baseCommit).toBe(await project.git(['rev-parse', 'refs/heads/main']))
})

test.concurrent('a repository that was moved with its sessions is found again after git repaired it', async () => {
  const project = await makeProject()
  await project.start('a')
  const there = join(project.parent, 'there')
  await mkdir(there)
  await rename(project.path, join(there, 'project'))
  await rename(project.session('.'), join(there, 'project-sessions'))
  const moved = at(project, join(there, 'project'))
  expect((await moved.status()).sessions).toMatchObject([{ id: 'a', states: ['orphaned'] }])
  await moved.git(['worktree', 'repair', join(there, 'project-sessions/a')])
  expect((await moved.status()).sessions).toMatchObject([
    { id: 'a', path: join(there, 'project-sessions/a'), states: ['active'] },
  ])
})

test.concurrent('variables a git hook leaves in the environment lead to no other repository', async () => {
  const project = await makeProject()
  const other = await makeProject({ name: 'other' })
  const env = { GIT_DIR: join(other.path, '.git'), GIT_WORK_TREE: other.path, GIT_INDEX_FILE: join(other.path, '.git/index') }
  const confused = withCommands({ ...project, env: { ...project.env, ...env } })
  await confused.start('a')
  expect((await other.status()).sessions).toEqual([])
  expect(await other.git(['branch', '--format=%(refname:short)'])).toBe('main')
  expect((await project.status()).sessions).toHaveLength(1)
})
