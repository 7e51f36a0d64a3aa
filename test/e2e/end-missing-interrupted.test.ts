import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'
import { makeRepository, type TestRepository } from '../support/repository.ts'
import { runCli, runJson } from '../support/run-cli.ts'

/** Points of the operation itself; what comes before it changes nothing. */
const ofInterest = /^before:|^(?:rename|rm|unlink):|-git:update-ref/

/** One in so many of them is tried, the first among them; `FLIGHTRULES_FAULTS=all`: each. */
const stride = process.env['FLIGHTRULES_FAULTS'] === 'all' ? 1 : 3

interface Lost {
  readonly id: string
  readonly tip: string
}

type Lose = (repository: TestRepository, path: string) => Promise<unknown>

async function lose(repository: TestRepository, id: string, how: Lose): Promise<Lost> {
  const started = await runJson(['start', id], { cwd: repository.path, env: repository.env })
  const path = String(started.json.data['path'])
  const tip = await repository.commit(`work in ${id}`, { [`${id}.txt`]: id }, path)
  await how(repository, path)
  return { id, tip }
}

/** Whole in one place or the other: still a session, or gone with everything of it in the trash; nothing is left of the operation. */
async function judge(repository: TestRepository, { id, tip }: Lost): Promise<'there' | 'gone'> {
  const { json } = await runJson(['status'], { cwd: repository.path, env: repository.env })
  const { sessions } = json.data as unknown as { sessions: readonly { id: string }[] }
  const refs = await repository.git(['for-each-ref', '--format=%(refname) %(objectname)', 'refs/flightrules', 'refs/heads'])
  const pinned = refs.split('\n').filter((line) => line.startsWith(`refs/flightrules/trash/${id}/`))
  const branch = refs.includes(`refs/heads/session/${id} ${tip}`)
  const common = join(repository.path, '.git/flightrules')
  const entries = (await readdir(join(common, 'trash')).catch(() => [])).filter((name) => name.startsWith(`${id}-`))
  const left = (await readdir(common)).filter((name) => name.startsWith('dropped-'))
  expect({ id, left, journal: await readdir(join(common, 'journal')) }).toEqual({ id, left: [], journal: [] })
  const isThere = sessions.some((session) => session.id === id)
  if (isThere) expect({ id, branch, pinned, entries }).toEqual({ id, branch: true, pinned: [], entries: [] })
  else {
    expect([id, pinned.length, entries.length]).toEqual([id, 1, 1])
    const item = JSON.parse(await readFile(join(common, 'trash', String(entries[0])), 'utf8')) as Record<string, unknown>
    expect(item).toMatchObject({ id, state: 'purged', branch: `session/${id}`, head: tip, record: { id, base: 'main' } })
    expect(await repository.git(['merge-base', tip, String(item['ref'])])).toBe(tip)
    expect((await repository.read('.git/flightrules/history.jsonl')).split(`"event":"ended","id":"${id}"`)).toHaveLength(2)
  }
  return isThere ? 'there' : 'gone'
}

test.each<[string, string[], Lose]>([
  ['rm', ['--strategy', 'abandon'], (_repository, path) => rm(path, { recursive: true })],
  ['forced', [], (repository, path) => repository.git(['worktree', 'remove', '--force', '--force', path])],
])('a session that is gone (%s), let go and killed at any point, is there or in the trash', async (name, flags, how) => {
  const repository = await makeRepository()
  const at = (env: Record<string, string>) => ({ cwd: repository.path, env: { ...repository.env, ...env } })
  const trace = join(await makeTemporaryDirectory('trace'), 'points')
  const first = await lose(repository, name, how)
  expect((await runCli(['end', first.id, ...flags], at({ FLIGHTRULES_FAILPOINT_TRACE: trace }))).status).toBe(0)
  expect(await judge(repository, first)).toBe('gone')
  const points = [...new Set((await readFile(trace, 'utf8')).trim().split('\n'))].filter((point) => ofInterest.test(point))
  expect(points.length).toBeGreaterThan(5)
  const outcomes = new Set<string>()
  for (const [index, point] of points.entries()) {
    if (index % stride !== 0) continue
    const lost = await lose(repository, `${name}-${index}`, how)
    const killed = await runCli(['end', lost.id, ...flags], at({ FLIGHTRULES_FAILPOINT: `${point}=kill` }))
    expect([point, killed.status]).not.toEqual([point, 0])
    const outcome = await judge(repository, lost)
    outcomes.add(outcome)
    if (outcome === 'gone') continue
    expect((await runCli(['end', lost.id, ...flags], at({}))).status).toBe(0)
    expect(await judge(repository, lost)).toBe('gone')
  }
  expect([...outcomes].sort()).toEqual(['gone', 'there'])
})
