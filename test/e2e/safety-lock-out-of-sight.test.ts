import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { holdLock } from '../support/lock-owner.ts'
import { runGit } from '../support/run-git.ts'
import { startWithWork } from '../support/session-work.ts'

describe.concurrent('a lock held where nobody can look', () => {
  test('does not stop a worktree from being made; the way out is named, and the next command registers it', async () => {
    const project = await makeProject()
    const file = await holdLock(join(project.path, '.git'))
    const started = performance.now()
    const { status, stderr } = await runGit(project, ['worktree', 'add', '-b', 'topic', join(project.parent, 'topic')])
    expect(status).toBe(0)
    expect(performance.now() - started).toBeLessThan(30_000)
    expect(stderr).toContain('process 7 on far-away (start x)')
    expect(stderr).toContain('flightrules unlock')
    await rm(file)
    expect((await project.status()).sessions).toMatchObject([{ id: 'topic' }])
  })

  test('does not stop a merge, whose sessions stay until the next one', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await startWithWork(project, 'docs')
    await holdLock(join(project.path, '.git'))
    const { status, stderr } = await runGit(project, ['merge', '--no-edit', 'session/auth', 'session/docs'])
    expect(status).toBe(0)
    expect(stderr).toContain('flightrules unlock')
    expect((await project.git(['worktree', 'list'])).split('\n')).toHaveLength(3)
  })
})

test("what the project's own commands start has our hooks like anybody else's", async () => {
  const project = await makeProject({ config: { postCreateHook: ['printf "%s" "${FLIGHTRULES_OP-none}" > seen'] } })
  const path = join(project.parent, 'topic')
  expect((await runGit(project, ['worktree', 'add', '-b', 'topic', path])).status).toBe(0)
  expect(await project.read(join(path, 'seen'))).toBe('none')
})
