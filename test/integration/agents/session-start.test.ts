import { appendFile, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../../support/flightrules-project.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeEngine } from '../sessions/engine.ts'
import { callAgent, envFileOf, silence } from './call-agent.ts'

test('an agent in a session learns who it is, and who else is at work on what', async () => {
  const engine = await makeEngine()
  const { path } = await engine.start('login', { goals: ['Fix the login form'] })
  const other = await engine.start('search', { goals: ['Search ignores accents\nand case'] })
  await engine.commit('work', { [join(other.path, 'search.js')]: 'x\n' }, other.path)
  await writeFile(join(other.path, 'new.js'), 'x\n')
  for (const source of ['startup', 'resume', 'clear', 'compact']) {
    const { status, stderr, answer } = await callAgent(engine, 'session-start', path, { source, model: 'claude-sonnet-5' })
    expect([status, stderr]).toEqual([0, ''])
    expect(answer.hookSpecificOutput?.hookEventName).toBe('SessionStart')
    const said = answer.hookSpecificOutput?.additionalContext
    expect(said).toContain(`session "login": worktree ${path}, branch session/login, which goes back to main`)
    expect(said).toContain('- Fix the login form')
    expect(said).toContain('- search, "Search ignores accents and case": changes new.js, search.js')
  }
})

test('in a session without a worktree of its own it learns that, and is not told to stay out of where it is', async () => {
  const project = await makeProject({ hooks: 'none', config: { ports: { PORT: 3000 } } })
  expect((await project.cli(['start', 'solo', '--standard', '--yes'])).status).toBe(0)
  const { path } = await project.start('login')
  const { answer } = await callAgent(project, 'session-start', project.path)
  const said = answer.hookSpecificOutput?.additionalContext ?? ''
  expect(said).toContain(`session "solo", in the main worktree ${project.path}: no worktree and no branch of its own`)
  expect(said).toContain("Stay in this worktree: the other sessions are others' places of work.")
  expect(said).not.toContain(`${project.path} and the other`)
  // nothing was exported, so nothing is said of it
  const there = (await callAgent(project, 'session-start', path)).answer.hookSpecificOutput?.additionalContext ?? ''
  expect(there).toMatch(/^Ports of this session: PORT=\d+$/m)
  const env = { CLAUDE_ENV_FILE: envFileOf(project) }
  const told = (await callAgent(project, 'session-start', path, {}, env)).answer.hookSpecificOutput?.additionalContext ?? ''
  expect(told).toMatch(/^Ports of this session, also in the environment of your shell: PORT=\d+$/m)
})

test('a session that was ended and kept is not taken for one in work', async () => {
  const project = await makeProject({ hooks: 'none' })
  await project.start('login')
  expect((await project.cli(['end', 'login', '--strategy', 'keep'])).status).toBe(0)
  const { answer } = await callAgent(project, 'session-start', project.path)
  expect(answer.hookSpecificOutput?.additionalContext).toContain('- login (ended, its work is kept): ')
})

test('in the main directory it learns of sessions and of those whose folder is gone; without any it learns nothing', async () => {
  const engine = await makeEngine()
  expect(await callAgent(engine, 'session-start', engine.path)).toMatchObject(silence)
  const { path } = await engine.start('login')
  await engine.start('search', { touch: ['src/search/**', 'docs/*.md'] })
  await engine.git(['worktree', 'unlock', path])
  await engine.git(['worktree', 'remove', path])
  const { answer } = await callAgent(engine, 'session-start', engine.path)
  const said = answer.hookSpecificOutput?.additionalContext
  expect(said).toContain('you are in no session')
  expect(said).toContain('- search: no changes yet; is going to change src/search/**, docs/*.md\n')
  expect(said).toContain('Orphaned sessions, whose folder is gone: login')
})

test('the shell of the agent gets ports and variables, once, beside what others put there', async () => {
  const project = await makeProject({
    hooks: 'none',
    config: { ports: { PORT: 3000 }, env: { GREETING: "it's $(touch x) {session}", URL: 'http://localhost:{PORT}' } },
  })
  const { path, session } = await project.start('login')
  const file = envFileOf(project)
  await writeFile(file, 'export THEIRS=1\n')
  const env = { CLAUDE_ENV_FILE: file }
  await callAgent(project, 'session-start', path, {}, env)
  const once = await readFile(file, 'utf8')
  await callAgent(project, 'session-start', path, { source: 'resume' }, env)
  expect(await readFile(file, 'utf8')).toBe(once)
  const print = `. "$1"; printf '%s|' "$THEIRS" "$PORT" "$GREETING" "$URL" "$FLIGHTRULES_SESSION"`
  const { stdout } = await runProgram('sh', ['-c', print, 'sh', file], { cwd: project.parent, env: project.env })
  const port = String(session.ports['PORT'])
  expect(stdout).toBe(`1|${port}|it's $(touch x) login|http://localhost:${port}|login|`)
})

test('what other hooks append to that file, before and after, stays and is read', async () => {
  const project = await makeProject({ hooks: 'none', config: { ports: { PORT: 3000 } } })
  const { path, session } = await project.start('login')
  const file = envFileOf(project)
  await writeFile(file, 'export BEFORE=1')
  const { ino } = await stat(file)
  const env = { CLAUDE_ENV_FILE: file }
  await callAgent(project, 'session-start', path, {}, env)
  // one that has it open goes on writing into it
  expect((await stat(file)).ino).toBe(ino)
  await appendFile(file, 'export AFTER=2\n')
  await callAgent(project, 'session-start', path, { source: 'clear' }, env)
  const print = `. "$1"; printf '%s|' "$BEFORE" "$PORT" "$AFTER"`
  const { stdout } = await runProgram('sh', ['-c', print, 'sh', file], { cwd: project.parent, env: project.env })
  expect(stdout).toBe(`1|${session.ports['PORT']}|2|`)
  expect((await readFile(file, 'utf8')).match(/export PORT=/g)).toHaveLength(1)
})
