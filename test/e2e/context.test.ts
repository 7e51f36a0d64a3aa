import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { renderRun, snapshotRun } from '../support/snapshot-run.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

test.concurrent('in a session: who one is, how it stands, who else changes what, and where that would conflict', async ({
  expect,
}) => {
  const project = await makeProject({
    files: { 'src/cart.js': 'one\n' },
    config: { ports: { PORT: { from: 42_000, to: 42_999 } } },
  })
  const { session } = await project.start('login', '--goal', 'Fix the login\nform')
  await project.start('cart', '--goal', 'Prices with tax')
  await project.start('docs')
  const [login, cart] = [project.session('login'), project.session('cart')]
  await project.commit('ours', { 'src/cart.js': 'login\n' }, login)
  await project.write(join(login, 'new.js'), 'x\n')
  await project.write(join(cart, 'src/cart.js'), 'cart\n')
  await project.write(join(cart, 'src/tax.js'), 'tax\n')
  await project.commit('the base moves', { 'README.md': 'moved\n' })
  const { ports, sessionLog } = session
  const paths = { [project.parent]: '<parent>', [`PORT=${ports['PORT']}`]: 'PORT=<port>', [sessionLog ?? '']: '<log>' }
  expect(await snapshotRun(['context'], { cwd: login, env: project.env, paths })).toMatchInlineSnapshot(`
    "$ flightrules context
    You work in the Flight Rules session "login": worktree <parent>/project-sessions/login, branch session/login, which goes back to main.
    Goals:
    - Fix the login form
    Ports of this session: PORT=<port>
    Session log: <log>
    Now: uncommitted files: 1 untracked, 1 commit ahead of main and 1 commit behind.
    Stay in this worktree: <parent>/project and the other sessions are others' places of work.
    Other commands: flightrules status; flightrules radar --file <path> (who else changes it); to finish: flightrules end (a person decides how).
    Other sessions of this repository:
    - cart, "Prices with tax": changes src/cart.js, src/tax.js; would conflict with yours in src/cart.js
    - docs: no changes yet
    -- exit 0"
  `)
  const { json } = await project.json(['context'], login)
  expect(json.data).toMatchObject({
    place: 'session',
    worktree: login,
    main: { path: project.path, branch: 'main', clean: true },
    session: { id: 'login', goals: ['Fix the login\nform'], ahead: 1, behind: 1, changes: { untracked: 1, modified: 0 } },
    others: [
      { id: 'cart', changed: ['src/cart.js', 'src/tax.js'], overlap: ['src/cart.js'], conflict: ['src/cart.js'] },
      { id: 'docs', changed: [], overlap: [], conflict: [] },
    ],
    orphaned: [],
  })
})

test.concurrent('in the main directory: who is at work, and whose folder is gone; with nobody, that', async ({ expect }) => {
  const project = await makeProject()
  const paths = { [project.parent]: '<parent>' }
  const show = async (): Promise<string> => snapshotRun(['context'], { cwd: project.path, env: project.env, paths })
  expect(await show()).toMatchInlineSnapshot(`
    "$ flightrules context
    This repository uses Flight Rules; you are in no session of it. Main directory: <parent>/project.
    Work of your own gets a session: flightrules start <name> --goal "<what it is for>"
    -- exit 0"
  `)
  await project.start('login')
  await project.start('cart', '--goal', 'Prices with tax')
  await project.commit('work', { 'a.txt': 'a\n' }, project.session('cart'))
  await project.git(['worktree', 'unlock', project.session('login')])
  await rm(project.session('login'), { recursive: true })
  expect(await show()).toMatchInlineSnapshot(`
    "$ flightrules context
    This repository uses Flight Rules; you are in no session of it. Main directory: <parent>/project.
    Other sessions of this repository:
    - cart, "Prices with tax": changes a.txt
    Orphaned sessions, whose folder is gone: login. Ask the person: flightrules cleanup
    Work of your own gets a session: flightrules start <name> --goal "<what it is for>"
    -- exit 0"
  `)
})

test.concurrent('a session whose setup failed or that is in the middle of a rebase learns what helps', async ({ expect }) => {
  const project = await makeProject({ files: { 'a.txt': 'a\n' }, config: { postCreateHook: ['exit 3'] } })
  expect((await project.cli(['start', 'login'])).status).toBe(1)
  const login = project.session('login')
  await project.commit('ours', { 'a.txt': 'ours\n' }, login)
  await project.commit('theirs', { 'a.txt': 'theirs\n' })
  const said = async (): Promise<string> => (await project.cli(['context'], login)).stdout
  expect(await said()).toContain('\nIts setup failed: flightrules setup login\n')
  expect(await said()).toContain('\nMerging it into main would conflict in a.txt: flightrules sync login\n')
  await project.git(['rebase', 'main'], login).catch(() => {})
  expect(await said()).toMatch(/\nNow: rebasing, uncommitted files: 1 modified, /)
})

test.concurrent('outside of a repository it is an error, as of every command', async ({ expect }) => {
  const project = await makeProject()
  const cwd = await makeTemporaryDirectory('none')
  expect(renderRun(['context'], await project.cli(['context'], cwd), { [cwd]: '<place>' })).toMatchInlineSnapshot(`
    "$ flightrules context
    -- stderr
    error: <place> is not in a git repository
      run the command inside a repository, or make one here with \`git init\`
    -- exit 2"
  `)
})
