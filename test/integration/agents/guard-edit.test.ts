import { chmod, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeGitCounter } from '../../support/count-git.ts'
import { approve, makeProject, type TestProject } from '../../support/flightrules-project.ts'
import { callAgent, silence } from './call-agent.ts'

const lines = (changed: Record<number, string> = {}): string =>
  Array.from({ length: 20 }, (_, index) => `${changed[index] ?? `line ${index}`}\n`).join('')

interface World extends TestProject {
  readonly login: string
  readonly search: string
  /** The answer to an edit of `file` by the agent in `cwd`. */
  edit(
    file: string,
    cwd?: string,
    more?: Record<string, unknown>,
    env?: Record<string, string>,
  ): Promise<{ say: string; decision: string | undefined }>
}

async function makeWorld(config: Record<string, unknown> = {}): Promise<World> {
  const project = await makeProject({ hooks: 'none', config, files: { 'a.txt': lines(), 'sub/b.txt': lines() } })
  const [{ path: login }, { path: search }] = [await project.start('login'), await project.start('search')]
  return {
    ...project,
    login,
    search,
    async edit(file, cwd = login, more = {}, env = {}) {
      const input = {
        tool_name: 'Edit',
        tool_input: { file_path: file, old_string: 'line 1', new_string: 'x', replace_all: false },
        tool_use_id: 'toolu_01',
        ...more,
      }
      const { status, stderr, answer } = await callAgent(project, 'pre-tool-use', cwd, input, env)
      expect([status, stderr]).toEqual([0, ''])
      const output = answer.hookSpecificOutput
      return { say: output?.additionalContext ?? output?.permissionDecisionReason ?? '', decision: output?.permissionDecision }
    },
  }
}

const nothing = { say: '', decision: undefined }

test('an agent learns that a sibling has changed the file, once for each agent and change', async () => {
  const { login, search, edit } = await makeWorld()
  const file = join(login, 'a.txt')
  expect(await edit(file)).toEqual(nothing)
  await writeFile(join(search, 'a.txt'), lines({ 3: 'theirs' }))
  const first = await edit(file)
  expect(first.decision).toBeUndefined()
  expect(first.say).toContain('session search has changed a.txt too (not committed; begun just now).')
  expect(first.say).toContain('merging would not conflict')
  expect(first.say).toContain(join(search, 'a.txt'))
  expect(await edit(file)).toEqual(nothing)
  expect((await edit(file, login, { session_id: 'another' })).say).toContain('session search')
  // another change over there, and one here that does not go with it
  await writeFile(join(search, 'a.txt'), lines({ 3: 'theirs, once more' }))
  await writeFile(file, lines({ 3: 'ours' }))
  expect((await edit(file)).say).toContain('merging would conflict in it')
  expect(await edit(file)).toEqual(nothing)
})

test('a file that was committed, made, removed or moved over there is changed too; one that is the same is not', async () => {
  const { login, search, git, edit, commit } = await makeWorld()
  await commit('theirs', { [join(search, 'sub/b.txt')]: lines({ 1: 'x' }) }, search)
  await writeFile(join(search, 'new.txt'), 'new\n')
  await git(['mv', 'a.txt', 'moved.txt'], search)
  expect((await edit(join(login, 'sub/b.txt'))).say).toContain('sub/b.txt too (committed; begun ')
  expect((await edit(join(login, 'new.txt'), login, { tool_name: 'Write' })).say).toContain('new.txt too (not committed; ')
  expect((await edit(join(login, 'a.txt'))).say).toContain('a.txt too')
  await writeFile(join(login, 'sub/b.txt'), lines({ 1: 'x' }))
  expect(await edit(join(login, 'sub/b.txt'), login, { session_id: 'another' })).toEqual(nothing)
})

test('what the base did, what is ignored, and what was merged already is nobody’s change', async () => {
  const { login, search, path, git, edit, commit } = await makeWorld()
  await writeFile(join(search, '.env'), 'A=1\n')
  await commit('theirs', { [join(search, 'a.txt')]: lines({ 1: 'x' }) }, search)
  await git(['merge', '--quiet', '--squash', 'session/search'])
  await commit('squashed')
  await commit('the base goes on', { [join(path, 'sub/b.txt')]: lines({ 2: 'base' }) })
  await git(['merge', '--quiet', 'main'], search)
  for (const file of ['.env', 'a.txt', 'sub/b.txt']) expect([file, await edit(join(login, file))]).toEqual([file, nothing])
})

test('an edit in another session, or in the main directory, is stopped from inside a session; elsewhere it is not', async () => {
  const { login, search, path, parent, edit } = await makeWorld()
  const foreign = await edit(join(search, 'a.txt'))
  expect(foreign).toEqual({ decision: 'deny', say: expect.stringContaining(`is in session search, ${search}`) })
  expect(await edit(join(search, 'a.txt'))).toEqual(foreign)
  expect(await edit('../search/sub/new.txt')).toMatchObject({ decision: 'deny' })
  expect(await edit(join(path, 'a.txt'))).toEqual({ decision: 'deny', say: expect.stringContaining('is in the main directory') })
  expect(
    await edit(join(login, '..', 'search', 'a.ipynb'), login, {
      tool_name: 'NotebookEdit',
      tool_input: { notebook_path: join(search, 'a.ipynb') },
    }),
  ).toMatchObject({
    decision: 'deny',
  })
  // through a link is there too
  await symlink(join(search, 'a.txt'), join(login, 'link.txt'))
  expect(await edit(join(login, 'link.txt'))).toMatchObject({ decision: 'deny' })
  expect(await edit(join(parent, 'a.txt'))).toEqual(nothing)
  expect(await edit(join(path, '.git', 'info', 'exclude'))).toEqual(nothing)
  expect(await edit(join(search, 'a.txt'), path)).toEqual(nothing)
  // what it is told is where it is, not where it was started
  expect(await edit(join(search, 'a.txt'), search, {}, { CLAUDE_PROJECT_DIR: login })).toEqual(nothing)
})

test('an agent in the main directory learns of all sessions that have changed the file', async () => {
  const { login, search, path, edit } = await makeWorld()
  for (const root of [login, search]) await writeFile(join(root, 'a.txt'), lines({ 3: root }))
  const { say } = await edit(join(path, 'a.txt'), path)
  expect([say.includes('session login has changed a.txt'), say.includes('session search has changed a.txt')]).toEqual([
    true,
    true,
  ])
})

test('the project may want such an edit stopped, each time, or not spoken of', async () => {
  const strict = await makeWorld({ agents: { overlap: 'deny' } })
  await writeFile(join(strict.search, 'a.txt'), lines({ 3: 'theirs' }))
  for (let time = 0; time < 2; time += 1) {
    const answer = await strict.edit(join(strict.login, 'a.txt'))
    expect(answer).toEqual({ decision: 'deny', say: expect.stringContaining('agents.overlap') })
  }
  expect(await strict.edit(join(strict.login, 'sub/b.txt'))).toEqual(nothing)
  await strict.write('flightrules.config.json', JSON.stringify({ agents: { overlap: 'off' } }))
  await approve(strict)
  expect(await strict.edit(join(strict.login, 'a.txt'))).toEqual(nothing)
})

test('sessions that were put away, and those whose folder is gone, have changed nothing', async () => {
  const world = await makeWorld()
  const { path: gone } = await world.start('gone')
  await writeFile(join(world.search, 'a.txt'), lines({ 3: 'theirs' }))
  expect((await world.cli(['end', 'search', '--strategy', 'abandon', '--yes'])).status).toBe(0)
  await rm(gone, { recursive: true })
  const { env, take } = await makeGitCounter(world.env)
  await take()
  expect(await world.edit(join(world.login, 'a.txt'), world.login, {}, env)).toEqual(nothing)
  expect(await take()).toEqual([])
})

test('a git that does not answer keeps no agent waiting', async () => {
  const world = await makeWorld()
  await writeFile(join(world.search, 'a.txt'), lines({ 3: 'theirs' }))
  const bin = join(world.parent, 'slow')
  await world.write(join(bin, 'git'), '#!/bin/sh\nexec sleep 60\n')
  await chmod(join(bin, 'git'), 0o755)
  const env = { PATH: `${bin}${delimiter}${world.env['PATH']}`, FLIGHTRULES_AGENT_TIMEOUT: '1' }
  expect(await world.edit(join(world.login, 'a.txt'), world.login, {}, env)).toEqual(nothing)
})

test('where nothing is to be said, no git is started', async () => {
  const world = await makeWorld()
  const { env, take } = await makeGitCounter(world.env)
  const { login, search, edit } = world
  await mkdir(join(login, 'deep'), { recursive: true })
  await take()
  for (const file of ['a.txt', 'sub/b.txt', 'deep/new.txt'])
    expect(await edit(join(login, file), login, {}, env)).toEqual(nothing)
  for (const command of ['npm test', 'git status', 'rm -rf node_modules', 'git push'])
    expect(await edit('', login, { tool_name: 'Bash', tool_input: { command } }, env)).toEqual(nothing)
  for (const tool of ['Read', 'Glob', 'Task'])
    expect(await edit(join(search, 'a.txt'), login, { tool_name: tool }, env)).toEqual(nothing)
  expect(await callAgent({ ...world, env }, 'subagent-stop', login)).toMatchObject(silence)
  expect(await take()).toEqual([])
  // asked once, what the file was like over there is known
  await writeFile(join(login, 'a.txt'), lines({ 2: 'ours' }))
  await edit(join(login, 'a.txt'), login, {}, env)
  expect((await take()).length).toBeGreaterThan(0)
  await utimes(join(login, 'a.txt'), 1, 1)
  await edit(join(login, 'a.txt'), login, {}, env)
  expect(await take()).toEqual([])
})
