import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { agentNames } from '../../../src/agents/agent-names.ts'
import { parseAgents } from '../../../src/agents/plan-agents.ts'
import { sealText } from '../../../src/agents/slash/seal.ts'
import { makeRepository } from '../../support/repository.ts'
import { fingerprint, init, plan, remove } from './set-up.ts'

const file = '.claude/settings.json'
const theirs = '{\n    "model": "opus",\n    "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}\n}\n'

test('an agent gets hooks beside those that are there, once, and init --remove takes them out to the byte', async () => {
  const repo = await makeRepository({ files: { [file]: theirs } })
  const before = await fingerprint(repo)
  const first = await init(repo)
  expect([first.agents, first.changed]).toEqual([['claude'], expect.arrayContaining([file])])
  expect(JSON.parse(await repo.read(file))).toMatchObject({
    model: 'opus',
    hooks: { Stop: [{ hooks: [{ command: 'say done' }] }, {}], PreToolUse: [{}] },
  })
  expect((await init(repo)).changed).toEqual([])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a project without an agent gets none, one with signs of it a file of its own, which goes again', async () => {
  const repo = await makeRepository()
  expect((await plan(repo)).agents).toEqual([])
  await repo.commit('an agent', { 'CLAUDE.md': 'x\n' })
  expect((await plan(repo, { agents: [] })).steps.some((step) => 'file' in step && step.file.endsWith(file))).toBe(false)
  const before = await fingerprint(repo)
  expect((await init(repo)).created).toContain(file)
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('settings that changed since, and those another clone was given, lose only what is ours', async () => {
  const repo = await makeRepository()
  await init(repo, { agents: ['claude'] })
  const changed = (await repo.read(file)).replace('{\n', '{\n  "model": "opus",\n')
  await writeFile(join(repo.path, file), changed)
  await rm(join(repo.path, '.git/flightrules/init.json'))
  await remove(repo)
  expect(await repo.read(file)).toBe('{\n  "model": "opus"\n}\n')
})

test('settings that are no JSON, and a folder that leads elsewhere, are left and named', async () => {
  const repo = await makeRepository({ files: { [file]: '{ // mine\n}' } })
  const result = await init(repo)
  expect(result.agents).toEqual(['claude'])
  expect(result.kept).toContainEqual({ path: file, why: expect.stringContaining('no JSON') })
  expect(await repo.read(file)).toBe('{ // mine\n}')

  const linked = await makeRepository()
  await symlink(linked.parent, join(linked.path, '.claude'))
  expect((await init(linked, { agents: ['claude'] })).kept).toContainEqual({
    path: file,
    why: expect.stringContaining('no plain file'),
  })
})

test('only agents that are known can be asked for', () => {
  expect([parseAgents('claude'), parseAgents('none'), parseAgents('opencode, claude')]).toEqual([
    ['claude'],
    [],
    ['claude', 'opencode'],
  ])
  for (const typed of ['', 'claud', 'claude,none', 'claude,,'])
    expect(() => parseAgents(typed)).toThrow(expect.objectContaining({ code: 'USAGE' }))
})

const start = '.claude/commands/dev-session.start.md'

test('every agent gets its slash commands, and init --remove takes them all out again', async () => {
  const repo = await makeRepository()
  const before = await fingerprint(repo)
  const { agents, created } = await init(repo, { agents: agentNames })
  expect(agents).toEqual(agentNames)
  expect(created.filter((path) => path.includes('commands/') || path.includes('/skills/'))).toHaveLength(7 * 5 + 4)
  expect((await init(repo, { agents: agentNames })).created).toEqual([])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('signs of an agent in the project are enough, AGENTS.md is no sign of any', async () => {
  const repo = await makeRepository({
    files: { 'AGENTS.md': 'x\n', '.cursorrules': 'x\n', 'opencode.json': '{}\n', '.codex/a': 'x\n' },
  })
  expect((await plan(repo)).agents).toEqual(['codex', 'cursor', 'opencode'])
})

test('a newer init brings a slash command up to date that nobody has edited, also after another clone wrote it', async () => {
  const repo = await makeRepository()
  await init(repo, { agents: ['claude'] })
  const current = await repo.read(start)
  const older = sealText('---\ndescription: "as it was"\n---\n', 'Do as you like.\n', 'html')
  for (const text of [older, older.replaceAll('\n', '\r\n')]) {
    await writeFile(join(repo.path, start), text)
    await rm(join(repo.path, '.git/flightrules/init.json'))
    expect((await init(repo, { agents: ['claude'] })).changed).toEqual([start])
    expect(await repo.read(start)).toBe(current)
  }
  // line ends alone are no news
  await writeFile(join(repo.path, start), current.replaceAll('\n', '\r\n'))
  expect((await init(repo, { agents: ['claude'] })).changed).toEqual([])
  await remove(repo)
  expect(await repo.git(['status', '--porcelain', '--untracked-files=all'])).not.toContain('.claude/commands')
})

test('an edited slash command, and one of somebody else, is left and named by init and by its removal', async () => {
  const theirs = '.claude/commands/parallel.status.md'
  const repo = await makeRepository({ files: { [theirs]: 'Say how it goes.\n' } })
  await init(repo, { agents: ['claude'] })
  const edited = (await repo.read(start)).replace('Do the steps in order.', 'Be quick.')
  await writeFile(join(repo.path, start), edited)
  const { kept, changed } = await init(repo, { agents: ['claude'] })
  expect(changed).toEqual([])
  expect(kept).toContainEqual({ path: start, why: expect.stringContaining('it was edited since') })
  expect(kept).toContainEqual({ path: theirs, why: expect.stringContaining('it is not from init') })
  const removed = await remove(repo)
  expect(removed.kept).toContainEqual({ path: start, why: expect.stringContaining('theirs now') })
  expect([await repo.read(start), await repo.read(theirs)]).toEqual([edited, 'Say how it goes.\n'])
  // what a clone without a record finds
  await rm(join(repo.path, '.git/flightrules'), { recursive: true })
  expect((await remove(repo)).kept).toContainEqual({ path: start, why: expect.stringContaining('theirs now') })
})

test('no slash command is written through a link', async () => {
  const repo = await makeRepository()
  await mkdir(join(repo.path, '.cursor'))
  await symlink(repo.parent, join(repo.path, '.cursor', 'commands'))
  const { kept, created } = await init(repo, { agents: ['cursor'] })
  expect(kept).toContainEqual({ path: '.cursor/commands', why: expect.stringContaining('it is a link') })
  expect(created.filter((path) => path.startsWith('.cursor'))).toEqual([])
})
