import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { approve, type TestProject, withCommands } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { makeRepository } from '../support/repository.ts'
import { followEnd } from '../support/scripted-agent/follow-end.ts'
import { followStart, type Task } from '../support/scripted-agent/follow-start.ts'
import { ScriptedAgent } from '../support/scripted-agent/scripted-agent.ts'
import { makePerson, type ScriptedPerson } from '../support/scripted-agent/scripted-person.ts'
import { branchesOf, stateOf } from '../support/session-work.ts'

const prices = (...coffee: string[]): string => ['# Prices', '', 'tea 2', ...coffee, 'cake 4', ''].join('\n')

/** A project with a remote, set up for Claude Code by the packed binary, which is on PATH. */
async function makeAgentProject(): Promise<TestProject> {
  const files = {
    'README.md': '# shop\n',
    'prices.md': prices('coffee 3'),
    'notes.md': 'nothing yet\n',
    'docs/progress.md': '# Progress\n',
    'flightrules.config.json': JSON.stringify({ appendOnly: ['docs/progress.md'] }),
  }
  const project = withCommands(await makeRepository({ remote: true, files }))
  project.env['PATH'] = `${join(packedPackage(), '../.bin')}${delimiter}${project.env['PATH']}`
  expect((await project.cli(['init', '--hooks', 'native', '--agents', 'claude'])).status).toBe(0)
  await approve(project)
  await project.commit('flightrules init')
  await project.git(['push', '--quiet', '--no-verify'])
  return project
}

const login: Task = {
  name: 'login',
  goals: ["A person's name is asked for", 'Members pay less'],
  touch: ['login.md', 'prices.md'],
  plan: '1. Ask for the name\n2. A price for members',
}
const search: Task = { name: 'search', goals: ['Coffee is found'], touch: ['search.md'], plan: 'One step, with "quotes"' }

function tell(name: string) {
  const log = { summary: `${name} is done`, decisions: `${name} as it was agreed`, 'next-steps': `${name} needs a look` }
  return { log, progress: `- ${name} is there`, commit: `Add ${name}` }
}

const agreed = { mode: '--parallel', plan: 'yes', commit: 'yes', strategy: 'merge', resolution: 'yes' }

/** Both sessions started by the agent in the main directory, the second with changes there; then an agent in each of them. */
async function beginBoth(project: TestProject, person: ScriptedPerson) {
  const { path, env } = project
  const { agent } = await ScriptedAgent.begin({ id: 'main', directory: path, env }, person)
  const first = await followStart(agent, login)
  await project.write('notes.md', 'call the baker\n')
  const second = await followStart(agent, search)
  expect(second.file.listLeft()).toEqual(['flightrules setup <id> --json'])

  const one = await ScriptedAgent.begin({ id: 'one', directory: first.place, env }, person)
  await one.agent.edit('login.md', () => 'name:\n')
  await one.agent.edit('prices.md', () => prices('coffee 3, for members 2'))
  const two = await ScriptedAgent.begin({ id: 'two', directory: second.place, env }, person)
  expect(two.told).toContain('session "search"')
  expect(two.told).toContain(`- login, "${login.goals[0]}": changes login.md, prices.md`)
  expect(await two.agent.edit('search.md', () => 'coffee: prices.md\n')).toBe('')
  const warned = await two.agent.edit('prices.md', () => prices('coffee 3, also at night'))
  expect(warned).toContain('session login has changed prices.md too (not committed; ')
  expect(warned).toContain(join(first.place, 'prices.md'))
  const again = await one.agent.edit('prices.md', () => prices('coffee 3, for members 1'))
  expect(again).toContain('session search has changed prices.md too')
  expect(again).toContain('merging would conflict in it')

  const radar = await two.agent.readCommand('parallel.radar')
  radar.take('flightrules radar', '--file')
  const { data } = await two.agent.run(radar, radar.take('flightrules radar'))
  const conflict = [{ path: 'prices.md', kind: 'content' }]
  expect(data['pairs']).toEqual([expect.objectContaining({ a: 'login', b: 'search', conflict })])
  return { one: one.agent, two: two.agent, logs: [first.session.sessionLog ?? '', second.session.sessionLog ?? ''] as const }
}

/** Both pieces of work are in main, whole and written down, and nothing else of the sessions is left. */
async function expectBothMerged(project: TestProject, logs: readonly [string, string], heads: readonly string[]): Promise<void> {
  const both = prices('coffee 3, for members 1', 'coffee 3, also at night')
  expect(await project.git(['show', 'main:prices.md'])).toBe(both.trimEnd())
  expect(await project.read('prices.md')).toBe(both)
  expect(await project.read('login.md')).toMatch(/^name:\n/)
  expect(await project.read('search.md')).toBe('coffee: prices.md\n')
  expect(await project.read('docs/progress.md')).toBe('# Progress\n- login is there\n- search is there\n')
  for (const [task, log] of [
    [login, await project.read(logs[0])],
    [search, await project.read(logs[1])],
  ] as const) {
    for (const goal of task.goals) expect(log).toContain(`- ${goal}\n`)
    const { summary, decisions, 'next-steps': next } = tell(task.name).log
    expect(log).toContain(
      `## Plan\n\n${task.plan}\n\n## Summary\n\n${summary}\n\n## Decisions\n\n${decisions}\n\n## Next steps\n\n${next}\n`,
    )
    expect(log).toMatch(/## Outcome\n\n- Ended: \S+\n- How: merge\n/)
  }
  expect(await project.read(logs[1])).toContain('- Last synced with main: ')
  expect(await branchesOf(project)).toEqual(['main'])
  expect(await project.git(['worktree', 'list'])).not.toContain('\n')
  expect(existsSync(`${project.path}-sessions`)).toBe(false)
  expect((await project.status()).sessions).toEqual([])
  const reached = (await project.git(['rev-list', '--all'])).split('\n')
  for (const head of heads) expect(reached).toContain(head)
  await project.git(['merge-base', '--is-ancestor', 'origin/main', 'main'])
}

// some sixty commands each, and as many hooks
describe.skipIf(process.platform === 'win32')('agents that go by their command files', { timeout: 300_000 }, () => {
  test('come from start to merge, with a conflict that the end of the second meets', async () => {
    const project = await makeAgentProject()
    const conflicts = { 'sync first': 'no', resolve: 'yes', MERGE_CONFLICTS: '--leave-conflicts' }
    const person = makePerson({ ...agreed, ...conflicts, how: '--merge merge', DIRTY_MAIN: '--proceed' })
    const { one, two, logs } = await beginBoth(project, person)
    const first = await followEnd(one, tell('login'))
    expect(person.told.at(-1)).toBe('once login is in main, others will conflict with it: search in prices.md')
    const second = await followEnd(two, tell('search'))
    expect(second.files.flatMap((file) => file.listLeft())).toEqual(['flightrules restore <id>'])

    await expectBothMerged(project, logs, [...first.heads, ...second.heads])
    for (const { data } of [first, second]) expect(data).toMatchObject({ worktreeRemoved: true, branchDeleted: true })
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe(' M notes.md')
    expect(await project.read('notes.md')).toBe('call the baker\n')
    expect(person.asked).toEqual([
      ['mode', '--parallel'],
      ['plan', 'yes'],
      ['mode', '--parallel'],
      ['DIRTY_MAIN', '--proceed'],
      ['plan', 'yes'],
      ['commit', 'yes'],
      ['strategy', 'merge'],
      ['how', '--merge merge'],
      ['commit', 'yes'],
      ['sync first', 'no'],
      ['strategy', 'merge'],
      ['how', '--merge merge'],
      ['resolve', 'yes'],
      ['MERGE_CONFLICTS', '--leave-conflicts'],
      ['resolution', 'yes'],
    ])
  })

  test('come there as well by a sync before the end that stops at two commits, with changes that were carried into the session', async () => {
    const project = await makeAgentProject()
    const conflicts = { 'sync first': 'yes', MERGE_CONFLICTS: '--leave-conflicts' }
    const person = makePerson({ ...agreed, ...conflicts, how: '--merge squash', DIRTY_MAIN: '--carry' })
    const { one, two, logs } = await beginBoth(project, person)
    await two.shell('git add --all')
    await two.shell('git commit --quiet --message "Coffee at night"')
    const half = await two.shell('git rev-parse HEAD')
    expect(await two.edit('login.md', () => 'name, to find it again:\n')).toContain('session login has changed login.md too')
    const first = await followEnd(one, tell('login'))
    const second = await followEnd(two, tell('search'))
    const [end, sync] = second.files
    expect(end?.listLeft()).toEqual(['flightrules sync <id> --json', 'flightrules sync <id> --json', 'flightrules restore <id>'])
    expect(sync?.listLeft()).toEqual(['flightrules sync --all --json', 'flightrules undo'])

    await expectBothMerged(project, logs, [...first.heads, half.trim(), ...second.heads])
    expect(await project.read('login.md')).toBe('name:\nname, to find it again:\n')
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe('')
    expect(await project.git(['show', 'main:notes.md'])).toBe('call the baker')
    expect(await project.git(['log', '--format=%s', '-2', 'main'])).toBe(`${search.goals[0]}\n${login.goals[0]}`)
    expect(person.asked.slice(-7)).toEqual([
      ['commit', 'yes'],
      ['sync first', 'yes'],
      ['MERGE_CONFLICTS', '--leave-conflicts'],
      ['resolution', 'yes'],
      ['resolution', 'yes'],
      ['strategy', 'merge'],
      ['how', '--merge squash'],
    ])
  })

  test('stop where nobody answers, and nothing has happened then', async () => {
    const project = await makeAgentProject()
    await project.write('notes.md', 'call the baker\n')
    const before = await stateOf(project)
    const person = makePerson({ mode: '--parallel' })
    const { agent } = await ScriptedAgent.begin({ id: 'main', directory: project.path, env: project.env }, person)
    await expect(followStart(agent, login)).rejects.toThrow('nobody answers DIRTY_MAIN')
    expect(person.asked).toEqual([['mode', '--parallel']])
    expect(await stateOf(project)).toEqual(before)
    expect((await project.status()).sessions).toEqual([])
  })
})
