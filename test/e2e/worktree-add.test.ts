import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { init, makeProject } from '../support/flightrules-project.ts'

const config = {
  envFiles: ['.env', 'apps/*/.env'],
  dependencies: { paths: ['node_modules'] },
  ports: { PORT: 50000 },
  env: { NAME: '{session}-{PORT}' },
  postCreateHook: 'echo "set up $FLIGHTRULES_SESSION"; touch .env.made',
}

async function makeFullProject() {
  const project = await makeProject({ config, remote: true })
  await project.write('.env', 'A=1\n')
  await project.write('apps/web/.env', 'W=1\n')
  await project.write('node_modules/dep/index.js', '1\n')
  return project
}

test.concurrent('git worktree add ends where start ends: the same fields, files, ports and setup', async () => {
  const project = await makeFullProject()
  const elsewhere = join(project.parent, 'elsewhere', 'web')
  await project.git(['worktree', 'add', '-q', '-b', 'feature/web', elsewhere])
  const { session: started } = await project.start('cli')
  const { sessions } = await project.status()
  const [added, other] = sessions.toSorted((a, b) => (a.id < b.id ? 1 : -1))
  expect(other?.id).toBe('cli')
  expect(added).toMatchObject({
    id: 'web',
    branch: 'feature/web',
    worktree: '../elsewhere/web',
    path: elsewhere,
    status: 'active',
    mode: 'parallel',
    base: 'main',
    baseCommit: started.baseCommit,
    envFiles: ['.env', 'apps/web/.env'],
    setup: { status: 'ok' },
    createdBy: 'hook',
    states: ['active'],
  })
  expect(Object.keys(added ?? {})).toEqual(Object.keys(other ?? {}))
  expect(added?.ports['PORT']).not.toBe(other?.ports['PORT'])
  expect(await readFile(join(elsewhere, 'apps/web/.env'), 'utf8')).toBe('W=1\n')
  expect(await readFile(join(elsewhere, '.env.local'), 'utf8')).toContain(`NAME=web-${added?.ports['PORT']}\n`)
  expect(await readFile(join(elsewhere, 'node_modules/dep/index.js'), 'utf8')).toBe('1\n')
  expect(await readFile(added?.setup?.log ?? '', 'utf8')).toContain('set up web')
  expect(await project.git(['status', '--porcelain', '--untracked-files=all'], elsewhere)).toBe(`?? ${added?.sessionLog}`)
})

test.concurrent('from a linked worktree, detached, with a branch that is there, and beside the others', async () => {
  const project = await makeProject({ config: { ports: { PORT: 50200 } } })
  await project.git(['branch', 'existing'])
  await project.git(['worktree', 'add', '-q', '-b', 'one', project.session('one')])
  await project.git(['worktree', 'add', '-q', '--detach', '../two'], project.session('one'))
  await project.git(['worktree', 'add', '-q', '../three', 'existing'])
  const { sessions } = await project.status()
  const facts = sessions.map(({ id, branch, path, states }) => ({ id, branch, path, states }))
  expect(facts.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: 'one', branch: 'one', path: project.session('one'), states: ['active'] },
    { id: 'three', branch: 'existing', path: join(project.parent, 'three'), states: ['active'] },
    { id: 'two', branch: null, path: project.session('two'), states: ['detached'] },
  ])
  expect(new Set(sessions.map((session) => session.ports['PORT'])).size).toBe(3)
})

test.concurrent('inside the project, where an agent puts it: as an agent’s, and the main directory stays clean', async () => {
  const project = await makeFullProject()
  const path = join(project.path, '.claude/worktrees/fox')
  await project.git(['worktree', 'add', '-q', '-b', 'worktree-fox', path])
  const { main, sessions } = await project.status()
  expect(main.clean).toBe(true)
  expect(sessions).toMatchObject([{ id: 'fox', path, createdBy: 'agent', setup: { status: 'ok' } }])
  expect((await project.start('next')).session.id).toBe('next')
})

test.concurrent('the hooks fire in a worktree git made: a push with files left out is refused there', async () => {
  const project = await makeFullProject()
  const path = join(project.parent, 'w')
  await project.git(['worktree', 'add', '-q', '-b', 'w', path])
  await project.commit('work', { 'w.txt': 'w\n' }, path)
  await project.write(join(path, 'left-out.txt'), 'x\n')
  await expect(project.git(['push', 'origin', 'w'], path)).rejects.toThrow('left-out.txt')
})

test.concurrent('a worktree no hook saw is registered by the next status', async () => {
  const project = await makeFullProject()
  const silent = join(project.parent, 'silent')
  const off = join(project.parent, 'off')
  await project.git(['worktree', 'add', '-q', '--no-checkout', '-b', 'silent', silent])
  await project.git(['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '-q', '-b', 'off', off])
  const { json } = await project.json(['status'])
  expect(json.findings.filter((finding) => finding.code === 'WORKTREE_REGISTERED')).toHaveLength(2)
  const { sessions } = await project.status()
  expect(sessions.map((session) => session.id).toSorted()).toEqual(['off', 'silent'])
  expect(sessions.find((session) => session.id === 'off')).toMatchObject({
    setup: { status: 'skipped' },
    envFiles: ['.env', 'apps/web/.env'],
  })
  expect((await project.json(['status'])).json.findings).toEqual([])
})

test.concurrent('a branch switch in a session is followed', async () => {
  const project = await makeProject()
  await project.start('a')
  await project.git(['switch', '-q', '-c', 'renamed'], project.session('a'))
  const manifest = JSON.parse(await readFile(join(project.session('.'), '.manifest.json'), 'utf8'))
  expect(manifest.sessions[0]).toMatchObject({ id: 'a', branch: 'renamed' })
})

test.concurrent('what a project does not want registered is left alone', async () => {
  const project = await makeProject({ config: { hooks: { postCheckout: { register: 'sessions' } } } })
  await project.git(['worktree', 'add', '-q', '-b', 'in', project.session('in')])
  await project.git(['worktree', 'add', '-q', '-b', 'out', join(project.parent, 'out')])
  expect((await project.status()).sessions.map((session) => session.id)).toEqual(['in'])
})

test.concurrent('a plain hook of the project itself runs in the worktree too', async () => {
  const project = await makeProject({ hooks: 'none' })
  await project.write(join(project.path, '.git/hooks/post-checkout'), '#!/bin/sh\necho "$3" > checked-out\n')
  await chmod(join(project.path, '.git/hooks/post-checkout'), 0o755)
  await init(project, 'native')
  const path = join(project.parent, 'w')
  await project.git(['worktree', 'add', '-q', '-b', 'w', path])
  expect(await readFile(join(path, 'checked-out'), 'utf8')).toBe('1\n')
  expect((await project.status()).sessions).toHaveLength(1)
})
