import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runCli } from '../support/run-cli.ts'

/** Points that are killed at, spread over all there are; the matrix of faults takes every one. */
const atMost = 100

/** As much work for one reconcile as there can be. */
async function disturb(project: TestProject, round: number): Promise<void> {
  const quiet = { ...project.env, FLIGHTRULES: '0' }
  const git = async (args: string[], cwd = project.path): Promise<void> => {
    const { runProgram } = await import('../support/run-cli.ts')
    expect([args, (await runProgram('git', args, { cwd, env: quiet })).status]).toEqual([args, 0])
  }
  await git(['worktree', 'add', '--quiet', '-b', `theirs-${round}`, join(project.parent, `theirs-${round}`)])
  await git(['switch', '--quiet', '-c', `switched-${round}`], project.session('a'))
  await git(['update-ref', '-d', 'refs/heads/session/b'])
  await writeFile(project.session('.manifest.json'), `{"torn": ${round}`)
}

test('a reconcile that is killed at any point is done by the next command', async () => {
  const project = await makeProject({ hooks: 'native', config: { sessionLog: false } })
  for (const id of ['a', 'b', 'gone']) await project.start(id)
  await rename(project.session('gone'), join(project.parent, 'away'))
  const tip = await project.git(['rev-parse', 'session/b'])
  const run = (env: Record<string, string>) =>
    runCli(['status', '--json'], { cwd: project.path, env: { ...project.env, ...env } })
  const trace = join(project.parent, 'points')
  await disturb(project, 0)
  expect((await run({ FLIGHTRULES_FAILPOINT_TRACE: trace })).status).toBe(0)
  const reached = (await readFile(trace, 'utf8')).trim().split('\n')
  const points = [...new Set(reached)].filter((point) => !/^(?:before|after)-git:(?!update-ref)/.test(point))
  expect(points.length).toBeGreaterThan(10)
  const some = points.filter((_point, index) => index % Math.ceil(points.length / atMost) === 0)
  for (const [index, point] of some.entries()) {
    const round = index + 1
    await disturb(project, round)
    expect([point, (await run({ FLIGHTRULES_FAILPOINT: `${point}=kill` })).status]).not.toEqual([point, 0])
    await project.status()
    const file = project.session('.manifest.json')
    const settled = await readFile(file, 'utf8')
    const { sessions } = await project.status()
    const shown = sessions.map(({ id, branch, states }) => [id, branch, states.includes('orphaned')])
    expect([point, shown]).toEqual([
      point,
      expect.arrayContaining([
        ['a', `switched-${round}`, false],
        ['b', 'session/b', false],
        ['gone', 'session/gone', true],
        [`theirs-${round}`, `theirs-${round}`, false],
      ]),
    ])
    expect(await readFile(file, 'utf8')).toBe(settled)
    expect(await project.git(['rev-parse', 'session/b'])).toBe(tip)
    expect(await readdir(join(project.path, '.git/flightrules/journal'))).toEqual([])
    const kept = (await readdir(project.session('.'))).filter((name) => name.includes('.corrupt-'))
    const texts = await Promise.all(kept.map((name) => readFile(project.session(name), 'utf8')))
    expect([point, texts.includes(`{"torn": ${round}`)]).toEqual([point, true])
    for (const name of kept) await rm(project.session(name))
  }
}, 600_000)
