import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { startWithWork } from '../support/session-work.ts'

/** The lock as another machine left it. */
async function holdFromElsewhere(project: TestProject): Promise<string> {
  const directory = join(project.path, '.git/flightrules/lock')
  await mkdir(directory, { recursive: true })
  const file = join(directory, 'lock.999')
  const owner = {
    pid: 7,
    startTime: '1',
    bootId: 'b',
    pidNamespace: 'n',
    host: 'far-away',
    operation: 'start x',
    since: '2026-01-02T03:04:05Z',
  }
  await writeFile(file, JSON.stringify(owner))
  return file
}

describe.concurrent('a lock held where nobody can look', () => {
  test('does not stop a worktree from being made; what to remove is named, and the next command registers it', async () => {
    const project = await makeProject()
    const file = await holdFromElsewhere(project)
    const started = performance.now()
    const { status, stderr } = await runGit(project, ['worktree', 'add', '-b', 'topic', join(project.parent, 'topic')])
    expect(status).toBe(0)
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(stderr).toContain('process 7 on far-away (start x)')
    expect(stderr).toContain(`rm ${file}`)
    await rm(file)
    expect((await project.status()).sessions).toMatchObject([{ id: 'topic' }])
  })

  test('does not stop a merge, whose sessions stay until the next one', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await startWithWork(project, 'docs')
    const file = await holdFromElsewhere(project)
    const { status, stderr } = await runGit(project, ['merge', '--no-edit', 'session/auth', 'session/docs'])
    expect(status).toBe(0)
    expect(stderr).toContain(`rm ${file}`)
    expect((await project.git(['worktree', 'list'])).split('\n')).toHaveLength(3)
  })
})

test("what the project's own commands start has our hooks like anybody else's", async () => {
  const project = await makeProject({ config: { postCreateHook: ['printf "%s" "${FLIGHTRULES_OP-none}" > seen'] } })
  const path = join(project.parent, 'topic')
  expect((await runGit(project, ['worktree', 'add', '-b', 'topic', path])).status).toBe(0)
  expect(await project.read(join(path, 'seen'))).toBe('none')
})
