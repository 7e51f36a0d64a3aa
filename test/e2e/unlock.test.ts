import { access, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readOwnIdentity } from '../../src/operations/process-identity.ts'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { holdLock } from '../support/lock-owner.ts'
import { runCli } from '../support/run-cli.ts'

const gitDir = (project: TestProject): string => join(project.path, '.git')
const lockFiles = (project: TestProject): Promise<string[]> => readdir(join(gitDir(project), 'flightrules/lock'))

/** As this very test process would write it. */
async function ownOwner(): Promise<Record<string, unknown>> {
  return { ...(await readOwnIdentity()), operation: 'start x', since: '2026-01-02T03:04:05Z' }
}

describe.concurrent('unlock', () => {
  test('says that nobody holds the lock', async () => {
    const project = await makeProject()
    const { status, stdout } = await project.cli(['unlock'])
    expect(status).toBe(0)
    expect(stdout).toBe('Nobody holds the lock of this repository.\n')
    expect((await project.json(['unlock'])).json.data).toEqual({ released: false, holder: null, liveness: null, settled: [] })
  })

  test('leaves a holder alone that is alive here, whatever is said of it', async () => {
    const project = await makeProject()
    await holdLock(gitDir(project), await ownOwner())
    for (const flags of [[], ['--holder-is-gone'], ['--yes']]) {
      const { status, json } = await project.json(['unlock', ...flags])
      expect(status).toBe(5)
      expect(json.error).toMatchObject({ code: 'BUSY', message: expect.stringContaining(`process ${process.pid} on `) })
    }
    expect(await lockFiles(project)).toEqual(['lock.999'])
  })

  test('releases without a question what the dead have held', async () => {
    const project = await makeProject()
    await holdLock(gitDir(project), { ...(await ownOwner()), startTime: '1' })
    const { status, stdout } = await project.cli(['unlock'])
    expect(status).toBe(0)
    expect(stdout).toContain('held since 2026-01-02T03:04:05Z')
    expect(stdout).toContain('its holder has ended')
    expect(await lockFiles(project)).toEqual(['free.1000'])
  })

  test.each([
    ['another machine', undefined, 'process 7 on far-away (start x)'],
    ['a holder that cannot be read', '{"pid":', 'a holder that cannot be read'],
    ['a holder that is no process', '{"pid":-1,"host":"x"}', 'a holder that cannot be read'],
  ])('asks a person about %s', async (_, content, named) => {
    const project = await makeProject()
    await holdLock(gitDir(project), content)
    for (const flags of [[], ['--yes']]) {
      const { status, json } = await project.json(['unlock', ...flags])
      expect(status).toBe(3)
      expect(json.error).toMatchObject({ code: 'HOLDER_OUT_OF_SIGHT', choices: [{ flag: '--holder-is-gone' }] })
      expect(json.error.message).toContain(named)
    }
    const preview = await project.json(['unlock', '--holder-is-gone', '--dry-run'])
    expect(preview.json.data).toMatchObject({ plan: { command: 'unlock', steps: [{ kind: 'free-lock', generation: 999 }] } })
    expect(await lockFiles(project)).toEqual(['lock.999'])
    const { status, json } = await project.json(['unlock', '--holder-is-gone'])
    expect(status).toBe(0)
    expect(json.data).toMatchObject({ released: true, liveness: 'unknown' })
    expect(await lockFiles(project)).toEqual(['free.1000'])
    await project.start('after')
  })

  test('settles what a machine left that is gone for good', async () => {
    const project = await makeProject()
    const killed = await runCli(['start', 'a'], {
      cwd: project.path,
      env: { ...project.env, FLIGHTRULES_FAILPOINT: 'before:write-record=kill' },
    })
    expect(killed.status).not.toBe(0)
    const journal = join(gitDir(project), 'flightrules/journal')
    const [name = ''] = (await readdir(journal)).filter((file) => file.endsWith('.json'))
    const entry = JSON.parse(await readFile(join(journal, name), 'utf8')) as { owner: Record<string, unknown> }
    await writeFile(join(journal, name), JSON.stringify({ ...entry, owner: { ...entry.owner, host: 'far-away' } }))
    const [lock = ''] = await lockFiles(project)
    await holdLock(gitDir(project), { ...entry.owner, host: 'far-away', operation: 'start a', since: 'then' })
    expect(lock).toMatch(/^lock\./)
    const status = await project.json(['status'])
    expect(status.json.findings).toContainEqual(expect.objectContaining({ code: 'OPERATION_OUT_OF_SIGHT' }))
    await access(project.session('a'))
    expect((await project.json(['unlock'])).json.error).toMatchObject({ code: 'HOLDER_OUT_OF_SIGHT' })
    const { json } = await project.json(['unlock', '--holder-is-gone'])
    expect(json.data).toMatchObject({ settled: [{ kind: 'start' }] })
    await expect(access(project.session('a'))).rejects.toThrow('ENOENT')
    expect(await project.git(['for-each-ref', 'refs/heads/session'])).toBe('')
    await project.start('a')
  })

  test('works in the middle of a session, and nowhere else than in a repository', async () => {
    const project = await makeProject()
    const { path } = await project.start('a')
    await holdLock(gitDir(project))
    expect((await project.cli(['unlock', '--holder-is-gone'], path)).status).toBe(0)
    expect((await project.json(['unlock'], project.parent)).json.error.code).toBe('NOT_A_REPOSITORY')
  })
})
