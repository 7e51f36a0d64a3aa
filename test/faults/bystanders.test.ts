import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runProgram } from '../support/run-cli.ts'

const count = process.env['FLIGHTRULES_FAULTS'] === 'all' ? 50 : 8
const ids = Array.from({ length: count }, (_, index) => `s${index}`)

interface Manifest {
  readonly sessions: readonly { readonly id: string; readonly ports: Readonly<Record<string, number>> }[]
}

/** Runs git commands one after the other again and again until `work` is done; gives what failed. */
async function besides(
  project: TestProject,
  loops: readonly { readonly cwd: string; readonly commands: readonly (readonly string[])[] }[],
  work: () => Promise<void>,
): Promise<{ readonly failed: readonly string[]; readonly runs: number }> {
  const failed: string[] = []
  const state = { over: false, runs: 0 }
  const running = loops.map(async ({ cwd, commands }) => {
    while (!state.over) {
      for (const args of commands) {
        const { status, stderr } = await runProgram('git', args, { cwd, env: project.env })
        state.runs += 1
        if (status !== 0) failed.push(`git ${args.join(' ')}: ${stderr}`)
      }
    }
  })
  try {
    await work()
  } finally {
    state.over = true
    await Promise.all(running)
  }
  return { failed, runs: state.runs }
}

async function startAll(project: TestProject): Promise<void> {
  const results = await Promise.all(ids.map((id) => project.cli(['start', id])))
  expect(results.flatMap(({ status, stderr }) => (status === 0 ? [] : [stderr]))).toEqual([])
  const manifest = JSON.parse(await readFile(join(`${project.path}-sessions`, '.manifest.json'), 'utf8')) as Manifest
  const sessions = manifest.sessions.filter(({ id }) => id !== 'agent')
  expect(sessions.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  expect(new Set(sessions.flatMap(({ ports }) => Object.values(ports))).size).toBe(2 * count)
  const branches = await project.git(['for-each-ref', '--format=%(refname:lstrip=3)', 'refs/heads/session'])
  expect(branches.split('\n').toSorted()).toEqual(ids.toSorted())
}

/** Once nobody commits any more: what is made while it looks, fsck takes for broken. */
async function expectSound(project: TestProject): Promise<void> {
  expect(await project.git(['fsck', '--no-progress', '--no-dangling'])).toBe('')
}

test(`${count} starts while others fetch, list, commit and prune: no command of theirs fails`, async () => {
  const project = await makeProject({ remote: true, config: { ports: { PORT: 43000, API: 44000 } } })
  const agent = join(project.parent, 'agent')
  await project.git(['worktree', 'add', '-q', '--no-track', '-b', 'agent', agent])
  const { failed, runs } = await besides(
    project,
    [
      { cwd: project.path, commands: [['fetch', '-q', 'origin']] },
      {
        cwd: agent,
        commands: [
          ['commit', '-q', '--allow-empty', '-m', 'work'],
          ['worktree', 'list'],
        ],
      },
      { cwd: project.path, commands: [['worktree', 'prune', '--expire=now']] },
    ],
    () => startAll(project),
  )
  expect(failed).toEqual([])
  await expectSound(project)
  expect(runs).toBeGreaterThan(0)
})

// git itself loses what is being committed while it prunes everything, with or without us: nobody commits here. And its fsck takes
// the temporary pack of another's gc for a broken one (55 of 9,900 runs beside a loop of gc alone): rev-list looks packs up again
test(`${count} starts while others collect garbage down to the last object: no command of theirs fails, and none of ours`, async () => {
  const project = await makeProject({ config: { ports: { PORT: 43000, API: 44000 } } })
  const { failed } = await besides(
    project,
    [
      { cwd: project.path, commands: [['gc', '--quiet', '--prune=now']] },
      {
        cwd: project.path,
        commands: [
          ['worktree', 'prune', '--expire=now'],
          ['rev-list', '--objects', '--all', '--indexed-objects', '--quiet'],
          ['worktree', 'list'],
        ],
      },
    ],
    () => startAll(project),
  )
  expect(failed).toEqual([])
  await expectSound(project)
})

test(`of ${count} starts of one name at once one succeeds, and the others say why`, async () => {
  const project = await makeProject()
  const results = await Promise.all(ids.map(() => project.json(['start', 'same'])))
  expect(results.filter(({ status }) => status === 0)).toHaveLength(1)
  const codes = results.flatMap(({ status, json }) => (status === 0 ? [] : [json.error.code]))
  expect(new Set(codes)).toEqual(new Set(['SESSION_EXISTS']))
  expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['same'])
})
