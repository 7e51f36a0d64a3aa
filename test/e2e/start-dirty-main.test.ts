import { chmod, lstat, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'

const files = { 'modified.txt': 'one\n', 'deleted.txt': 'one\n', 'script.sh': '#!/bin/sh\n', 'kept.txt': 'one\n' }

/** A main worktree with every kind of change. */
async function makeDirty(): Promise<TestProject> {
  const project = await makeProject({ files })
  await project.write('staged.txt', 'new, staged\n')
  await project.git(['add', 'staged.txt'])
  await project.write('modified.txt', 'two\n')
  await project.write('dir/untracked file.txt', 'new\n')
  await rm(join(project.path, 'deleted.txt'))
  await chmod(join(project.path, 'script.sh'), 0o755)
  return project
}

const changes = ['A  staged.txt', ' D deleted.txt', ' M modified.txt', ' M script.sh', '?? "dir/untracked file.txt"'].toSorted()
const readChanges = async (project: TestProject, cwd?: string): Promise<string[]> =>
  (await project.git(['status', '--porcelain', '--untracked-files=all', '--', ':!docs'], cwd))
    .split('\n')
    .filter((line) => line !== '')
    .toSorted()

test.concurrent('a dirty main worktree needs a decision: the files are named and the flags that decide', async ({ expect }) => {
  const project = await makeDirty()
  const { status, stderr, stdout } = await project.cli(['start', 'a'])
  expect({ status, stdout }).toEqual({ status: 3, stdout: '' })
  expect(stderr.replaceAll(project.path, '<main>')).toMatchInlineSnapshot(`
    "stopped: the main worktree <main> has uncommitted changes in 5 files that the session would not have: deleted.txt, dir/untracked file.txt, modified.txt, script.sh, staged.txt
      decide what becomes of them, with one of these flags

      --commit <message>  commit them in the main worktree first
      --stash             put them on the stash (git stash push), to be taken back by hand
      --carry             move them into the session
      --proceed           leave them where they are; the session starts without them
    "
  `)
  const { json } = await project.json(['start', 'a'])
  expect(json.error.code).toBe('DIRTY_MAIN')
  expect(json.error.choices.map((choice) => choice.flag)).toEqual(['--commit <message>', '--stash', '--carry', '--proceed'])
  expect(json.error.details['paths']).toHaveLength(5)
  expect(await readChanges(project)).toEqual(changes)
  expect(await project.git(['branch', '--list', 'session/*'])).toBe('')
})

test.concurrent('--commit commits them in the main worktree first, and the session has them', async () => {
  const project = await makeDirty()
  await project.start('a', '--commit', 'work so far')
  expect(await readChanges(project)).toEqual([])
  expect(await project.git(['log', '-1', '--format=%s', 'session/a'])).toBe('work so far')
  expect(await readFile(join(project.session('a'), 'staged.txt'), 'utf8')).toBe('new, staged\n')
})

test.concurrent('--stash puts them on the stash, whole, and prints its hash', async () => {
  const project = await makeDirty()
  const { findings } = await project.start('a', '--stash')
  expect(await readChanges(project)).toEqual([])
  expect(await readChanges(project, project.session('a'))).toEqual([])
  const oid = await project.git(['rev-parse', 'stash@{0}'])
  expect(findings.find((finding) => finding.code === 'MAIN_STASHED')?.message).toContain(oid)
  await project.git(['stash', 'apply', '--quiet', '--index', oid])
  expect(await readChanges(project)).toEqual(changes)
})

test.concurrent('--carry moves them into the session, each as it was, and leaves main clean', async () => {
  const project = await makeDirty()
  const { findings } = await project.start('a', '--carry')
  const path = project.session('a')
  expect(await readChanges(project)).toEqual([])
  expect(await readChanges(project, path)).toEqual(changes)
  expect(await readFile(join(path, 'modified.txt'), 'utf8')).toBe('two\n')
  expect((await stat(join(path, 'script.sh'))).mode & 0o100).toBe(0o100)
  await expect(lstat(join(project.path, 'dir'))).rejects.toThrow('ENOENT')
  const copy = findings.find((finding) => finding.code === 'CHANGES_CARRIED')
  expect(copy?.message).toContain('refs/flightrules/trash/a/')
})

test.concurrent('--carry onto a commit they do not fit is refused, and nothing is touched', async () => {
  const project = await makeDirty()
  const before = await project.git(['rev-parse', 'HEAD'])
  await project.git(['stash', '--include-untracked', '--quiet'])
  await project.commit('other content', { 'modified.txt': 'entirely different\n' })
  await project.git(['update-ref', 'refs/heads/other', 'HEAD'])
  await project.git(['reset', '--hard', '--quiet', before])
  await project.git(['stash', 'pop', '--quiet', '--index'])
  const { status, json } = await project.json(['start', 'a', '--carry', '--base', 'other'])
  expect({ status, code: json.error.code }).toEqual({ status: 4, code: 'CARRY_CONFLICTS' })
  expect(json.error.message).toContain('modified.txt')
  expect(await readChanges(project)).toEqual(changes)
  await expect(lstat(project.session('a'))).rejects.toThrow('ENOENT')
  expect(await project.git(['branch', '--list', 'session/*'])).toBe('')
})

test.concurrent('--proceed and --yes leave them where they are', async () => {
  const project = await makeDirty()
  await project.start('a', '--proceed')
  await project.start('b', '--yes')
  expect(await readChanges(project)).toEqual(changes)
  expect(await readChanges(project, project.session('a'))).toEqual([])
  expect(await readChanges(project, project.session('b'))).toEqual([])
})

test.concurrent('a refusal comes before the changes are committed or stashed', async () => {
  const project = await makeDirty()
  await project.git(['branch', 'session/a'])
  for (const flags of [['--commit', 'x'], ['--stash'], ['--carry']]) {
    expect((await project.json(['start', 'a', ...flags])).status).toBe(3)
    expect(await readChanges(project)).toEqual(changes)
  }
})
