import { readFile, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'

const manifestOf = (project: TestProject): string => project.session('.manifest.json')

test.concurrent('a manifest that is gone is written anew, the same byte for byte', async () => {
  const project = await makeProject({ config: { ports: { PORT: 52000 } } })
  await project.start('a', '--goal', 'one')
  await project.start('b', '--issue', '3')
  const before = await readFile(manifestOf(project), 'utf8')
  await rm(manifestOf(project))
  await project.status()
  expect(await readFile(manifestOf(project), 'utf8')).toBe(before)
})

test.concurrent('a manifest nobody can read is rebuilt and the bad one kept, in whatever way it is bad', async () => {
  const project = await makeProject()
  await project.start('a')
  const before = await readFile(manifestOf(project), 'utf8')
  const bad = [
    '',
    before.slice(0, 90),
    '\0\0\0',
    '[]',
    'null',
    '{"version":1,"sessions":{}}',
    '<<<<<<< HEAD\n',
    '{"__proto__":{"version":1}}',
    `${before}}`,
  ]
  for (const [index, content] of bad.entries()) {
    await writeFile(manifestOf(project), content)
    const { status, json } = await project.json(['status'])
    expect({ index, status, codes: json.findings.map((finding) => finding.code) }).toEqual({
      index,
      status: 0,
      codes: ['MANIFEST_REBUILT'],
    })
    const kept = String((json.findings[0] as unknown as { details: { kept: string } }).details.kept)
    expect(await readFile(kept, 'utf8')).toBe(content)
    expect(await readFile(manifestOf(project), 'utf8')).toBe(before)
  }
  const names = await readdir(project.session('.'))
  expect(names.filter((name) => name.startsWith('.manifest.json.corrupt-'))).toHaveLength(bad.length)
})

test.concurrent('a manifest of a newer version: what reads works and says so, what writes is refused, and it is never rewritten', async () => {
  const project = await makeProject()
  await project.start('a')
  await project.start('b')
  await project.git(['switch', '--quiet', '-c', 'other-branch'], project.session('b'))
  const newer = JSON.stringify({ version: 2, sessions: 'in another shape' })
  await writeFile(manifestOf(project), newer)
  for (const args of [['status'], ['path', 'a'], ['env', 'a']]) {
    const { status, json } = await project.json(args)
    expect({ args, status, codes: json.findings.map(({ code }) => code) }).toEqual({ args, status: 0, codes: ['MANIFEST_NEWER'] })
  }
  expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['a', 'b'])
  const before = await project.git(['worktree', 'list'])
  for (const args of [
    ['start', 'c'],
    ['setup', 'a'],
    ['end', 'a', '--strategy', 'abandon'],
    ['start', 'c', '--dry-run'],
  ]) {
    const { status, json } = await project.json(args)
    expect({ args, status, code: json.error.code }).toEqual({ args, status: 2, code: 'MANIFEST_NEWER' })
  }
  expect(await project.git(['worktree', 'list'])).toBe(before)
  await project.git(['worktree', 'add', '-q', '-b', 'other', join(project.parent, 'other')])
  expect(await readFile(manifestOf(project), 'utf8')).toBe(newer)
  const branches = await project.git(['branch', '--list', 'session/*', '--format=%(refname:short)'])
  expect(branches.split('\n')).toEqual(['session/a', 'session/b'])
})

test.concurrent('fields of other programs survive a rewrite', async () => {
  const project = await makeProject()
  await project.start('a')
  const manifest = JSON.parse(await readFile(manifestOf(project), 'utf8'))
  manifest.theirs = { kept: true }
  manifest.sessions[0].note = 'theirs too'
  await writeFile(manifestOf(project), JSON.stringify(manifest))
  await project.start('b')
  expect(JSON.parse(await readFile(manifestOf(project), 'utf8'))).toMatchObject({
    theirs: { kept: true },
    sessions: [{ id: 'a', note: 'theirs too' }, { id: 'b' }],
  })
})

test.concurrent('what the manifest says is not believed against git', async () => {
  const project = await makeProject()
  await project.start('a')
  const manifest = JSON.parse(await readFile(manifestOf(project), 'utf8'))
  manifest.sessions[0].worktree = '/'
  manifest.sessions[0].branch = 'main'
  await writeFile(manifestOf(project), JSON.stringify(manifest))
  const { sessions } = await project.status()
  expect(sessions).toMatchObject([{ path: project.session('a'), branch: 'session/a' }])
})

test.concurrent('a moved worktree is found where git knows it, another is an orphan until it is repaired', async () => {
  const project = await makeProject()
  await project.start('a')
  await project.start('b')
  await project.git(['worktree', 'unlock', project.session('a')])
  await project.git(['worktree', 'move', project.session('a'), join(project.parent, 'elsewhere')])
  await rename(project.session('b'), join(project.parent, 'moved'))
  const { sessions } = await project.status()
  expect(sessions).toMatchObject([
    { id: 'a', worktree: '../elsewhere', states: ['active'] },
    { id: 'b', states: ['orphaned'] },
  ])
  await project.git(['worktree', 'repair', join(project.parent, 'moved')])
  expect((await project.status()).sessions[1]).toMatchObject({ id: 'b', worktree: '../moved', states: ['active'] })
})

test.concurrent('a session whose folder and administration are gone stays in sight as an orphan', async () => {
  const project = await makeProject()
  await project.start('a', '--goal', 'not forgotten')
  await project.git(['worktree', 'remove', '--force', '--force', project.session('a')])
  for (let round = 0; round < 2; round += 1) {
    expect((await project.status()).sessions).toMatchObject([{ id: 'a', states: ['orphaned'], goals: ['not forgotten'] }])
  }
  const { stdout } = await project.cli(['status'])
  expect(stdout).toContain('orphaned')
})

test.concurrent('a record that cannot be read is named, and its worktree is left alone', async () => {
  const project = await makeProject()
  await project.start('a')
  const record = join(project.path, '.git/worktrees/a/flightrules.json')
  await writeFile(record, '{"version":1,"id":"a"')
  const { status, json } = await project.json(['status'])
  expect({ status, code: json.findings[0]?.code }).toEqual({ status: 0, code: 'RECORD_UNREADABLE' })
  expect(await readFile(record, 'utf8')).toBe('{"version":1,"id":"a"')
})
