import { spawn } from 'node:child_process'
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { makeRepository, type TestRepository } from '../support/repository.ts'
import { runJson } from '../support/run-cli.ts'

const children: ReturnType<typeof spawn>[] = []
afterAll(() => children.forEach((child) => child.kill('SIGKILL')))

async function startSession(name: string, options: Parameters<typeof makeRepository>[0] = {}) {
  const repository = await makeRepository(options)
  const at = { cwd: repository.path, env: repository.env }
  const { json } = await runJson(['start', name], at)
  return { repository, at, path: String(json.data['path']) }
}

/** Everything below the trash, as paths relative to it. */
async function listTrash(repository: TestRepository): Promise<string[]> {
  return readdir(join(repository.parent, 'project-sessions', '.trash'), { recursive: true }).catch(() => [])
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

test('embedded-repository: added as a link to its commit, it is clean to git, and kept in the trash', async () => {
  const { repository, at, path } = await startSession('embedded')
  await mkdir(join(path, 'lib'))
  await repository.git(['init', '--quiet'], join(path, 'lib'))
  await repository.commit('precious', { [join(path, 'lib', 'precious.txt')]: 'precious' }, join(path, 'lib'))
  await repository.git(['add', 'lib'], path)
  await repository.git(['commit', '--quiet', '--message', 'add lib'], path)
  const ended = await runJson(['end', 'embedded', '--strategy', 'merge'], at)
  expect(ended.json.data['trash']).not.toBeNull()
  expect((await listTrash(repository)).some((file) => file.endsWith('precious.txt'))).toBe(true)
})

test('worktree-inside-a-session: neither merged away nor abandoned with it', async () => {
  const { repository, at, path } = await startSession('outer')
  await repository.commit('work', { [join(path, 'work.txt')]: 'work' }, path)
  const inner = join(path, 'node_modules', 'inner')
  const before = await repository.git(['rev-parse', 'main'])
  await writeFile(join(path, '.gitignore'), 'node_modules\n')
  await repository.commit('ignore', {}, path)
  await repository.git(['worktree', 'add', '--quiet', '-b', 'inner', inner], path)
  await writeFile(join(inner, 'uncommitted.txt'), 'only here')
  for (const strategy of ['abandon', 'merge']) {
    const ended = await runJson(['end', 'outer', '--strategy', strategy], at)
    expect([ended.status, ended.json.error.code]).toEqual([3, 'WORKTREE_INSIDE'])
  }
  expect(await isThere(join(inner, 'uncommitted.txt'))).toBe(true)
  expect(await repository.git(['rev-parse', 'main'])).toBe(before)
})

test('process-in-the-session: merge is refused with exit 5 and nothing is done; abandon keeps what it writes', async () => {
  const { repository, at, path } = await startSession('busy')
  const tip = await repository.commit('work', { [join(path, 'work.txt')]: 'work' }, path)
  const before = await repository.git(['rev-parse', 'main'])
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { cwd: path, detached: true, stdio: 'ignore' })
  children.push(child)
  await expect
    .poll(async () => (await runJson(['status'], at)).json.data)
    .toMatchObject({ sessions: [{ states: ['active', 'in use'] }] })
  const merged = await runJson(['end', 'busy', '--strategy', 'merge'], at)
  expect([merged.status, merged.json.error.code]).toEqual([5, 'WORKTREE_IN_USE'])
  expect(merged.json.error.choices.map((choice) => choice.flag)).toEqual(['--keep-worktree'])
  expect(await repository.git(['rev-parse', 'main', 'session/busy'])).toBe(`${before}\n${tip}`)
  const abandoned = await runJson(['end', 'busy', '--strategy', 'abandon'], at)
  expect(abandoned.json.findings.map((finding) => finding.code)).toContain('WORKTREE_IN_USE')
  expect((await listTrash(repository)).some((file) => file.endsWith('work.txt'))).toBe(true)
})

test('file-outside-a-sparse-checkout: the snapshot has it as it is there', async () => {
  const { repository, at, path } = await startSession('sparse', { files: { 'docs/a': 'a', 'd/d': 'old' } })
  await repository.git(['sparse-checkout', 'set', '--cone', 'docs'], path)
  await mkdir(join(path, 'd'), { recursive: true })
  await writeFile(join(path, 'd', 'd'), 'EDIT')
  await writeFile(join(path, 'd', 'new'), 'NEW')
  const ended = await runJson(['end', 'sparse', '--strategy', 'abandon'], at)
  expect(ended.json.ok).toBe(true)
  const ref = await repository.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules/trash/sparse'])
  expect(await repository.git(['show', `${ref}:d/d`])).toBe('EDIT')
  expect(await repository.git(['show', `${ref}:d/new`])).toBe('NEW')
})

test('abandoned-in-a-rebase: its branch can be checked out by others at once', async () => {
  const { repository, at, path } = await startSession('rebasing')
  await repository.commit('theirs', { 'README.md': 'theirs\n' })
  await repository.commit('ours', { [join(path, 'README.md')]: 'ours\n' }, path)
  await expect(repository.git(['rebase', 'main'], path)).rejects.toThrow()
  expect((await runJson(['end', 'rebasing', '--strategy', 'abandon', '--keep-branch'], at)).json.ok).toBe(true)
  await repository.git(['switch', '--quiet', 'session/rebasing'])
  expect(await repository.git(['branch', '--show-current'])).toBe('session/rebasing')
})

test("branch-that-is-another-session's-base: kept when its session's folder is gone", async () => {
  const { repository, at, path } = await startSession('lower')
  await repository.commit('work', { [join(path, 'work.txt')]: 'work' }, path)
  await runJson(['start', 'upper', '--from-here'], { ...at, cwd: path })
  await rm(path, { recursive: true })
  const ended = await runJson(['end', 'lower', '--strategy', 'abandon'], at)
  expect(ended.json.data['branchDeleted']).toBe(false)
  expect(await repository.git(['branch', '--list', 'session/lower'])).toContain('session/lower')
})

test('branch-switched-in-the-session: the one somebody made there stays', async () => {
  const { repository, at, path } = await startSession('switched')
  await repository.git(['switch', '--quiet', '-c', 'precious-name'], path)
  const ended = await runJson(['end', 'switched', '--strategy', 'abandon'], at)
  expect(ended.json.data['branchDeleted']).toBe(false)
  expect(await repository.git(['branch', '--list', 'precious-name'])).toContain('precious-name')
})

test('base-checked-out-where-nobody-can-look: it is not moved under that worktree', async () => {
  const { repository, at, path } = await startSession('away')
  await repository.commit('work', { [join(path, 'work.txt')]: 'work' }, path)
  await repository.git(['switch', '--quiet', '--detach'])
  const disk = join(repository.parent, 'disk')
  await repository.git(['worktree', 'add', '--quiet', '--lock', join(disk, 'main'), 'main'])
  await rename(disk, `${disk}-away`)
  const before = await repository.git(['rev-parse', 'main'])
  const ended = await runJson(['end', 'away', '--strategy', 'merge'], at)
  expect([ended.status, ended.json.error.code]).toEqual([3, 'BASE_BUSY'])
  expect(await repository.git(['rev-parse', 'main'])).toBe(before)
})
