import { execFile } from 'node:child_process'
import { readFile, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { commitWork } from '../support/session-work.ts'

for (const [what, name] of [
  ['spaces', 'my project'],
  ['a newline', 'line\nbreak'],
  ['unicode', 'größe-日本🙂'],
  ['quotes and dollars', `it's "$HOME" \`x\``],
  ['a leading dash', '-dash'],
] as const) {
  test.concurrent(`all commands work in a path with ${what}`, async () => {
    const project = await makeProject({
      name,
      config: { ports: { PORT: 54000 }, env: { DIR: '{worktree}' }, postCreateHook: 'echo "$FLIGHTRULES_WORKTREE" > .env.where' },
    })
    await project.write('.env', 'A=1\n')
    const { path, next } = await project.start('a')
    expect(path).toBe(project.session('a'))
    const cd = await promisify(execFile)('sh', ['-c', `${next[0]} && pwd`], { cwd: project.path })
    expect(cd.stdout).toBe(`${path}\n`)
    expect(await readFile(join(path, '.env.where'), 'utf8')).toBe(`${path}\n`)
    expect((await stat(join(path, '.env'))).isFile()).toBe(true)
    await project.git(['worktree', 'add', '-q', '-b', 'b', join(project.parent, `b ${name}`)])
    const { sessions } = await project.status(path)
    expect(sessions).toMatchObject([
      { id: 'a', path, states: ['active'] },
      { path: join(project.parent, `b ${name}`), createdBy: 'hook' },
    ])
    expect((await project.cli(['path', 'a'])).stdout).toBe(`${path}\n`)
    expect((await project.cli(['run', 'a', '--', 'pwd'])).stdout).toBe(`${path}\n`)
    const { json } = await project.json(['env', 'a'])
    expect(json.data).toMatchObject({ env: { DIR: path } })
    // with where the other worktree is, which git made elsewhere
    expect((await project.cli(['status'])).stdout.split('\n')).toHaveLength(12)
    expect((await project.cli(['statusline'], path)).stdout).toMatch(/^a · [^\n]+\n$/)
    expect((await project.cli(['context'], path)).stdout).toContain('You work in the Flight Rules session "a"')
    // by end, by git's own merge, and by nobody: each leaves every byte findable
    const b = join(project.parent, `b ${name}`)
    await commitWork(project, path, 'work', { [`${name}.txt`]: 'a\n' })
    await commitWork(project, b, 'work', { [`b ${name}.txt`]: 'b\n' })
    expect((await project.json(['end', 'a', '--strategy', 'merge'])).json.data).toMatchObject({ worktreeRemoved: true })
    await project.git(['merge', '-q', '--no-edit', 'b'])
    expect((await project.status()).sessions).toEqual([])
    expect(await project.git(['show', `main:${name}.txt`])).toBe('a')
    await project.start('c')
    await project.write(join(project.session('c'), `c ${name}.txt`), 'c\n')
    const ended = await project.json(['end', 'c', '--strategy', 'abandon'])
    const { trash } = ended.json.data as unknown as { trash: string }
    expect(await readFile(join(project.session('.trash'), trash, `c ${name}.txt`), 'utf8')).toBe('c\n')
    const ref = await project.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules/trash/c'])
    expect(await project.git(['show', `${ref}:c ${name}.txt`])).toBe('c')
  })
}

test.concurrent('through a symlink to the repository the paths are the real ones', async () => {
  const project = await makeProject()
  const link = join(project.parent, 'link')
  await symlink(project.path, link)
  const { json } = await project.json(['start', 'a'], link)
  expect(json.data).toMatchObject({ path: project.session('a') })
  expect(await project.status(link)).toEqual(await project.status())
  await commitWork(project, project.session('a'), 'work', { 'a.txt': 'a\n' })
  expect((await project.json(['end', 'a', '--strategy', 'merge'], link)).json.data).toMatchObject({ worktreeRemoved: true })
  await project.git(['worktree', 'add', '-q', '-b', 'b', join(link, '../b')], link)
  await commitWork(project, join(project.parent, 'b'), 'work', { 'b.txt': 'b\n' })
  await project.git(['merge', '-q', '--no-edit', 'b'], link)
  expect((await project.status()).sessions).toEqual([])
})
