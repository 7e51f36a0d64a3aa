import { createHash } from 'node:crypto'
import { lstat, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'

test.concurrent('--base takes a branch, a tag, a commit and a branch that is on the remote only', async () => {
  const project = await makeProject({ remote: true })
  const first = await project.git(['rev-parse', 'HEAD'])
  await project.git(['tag', '-a', 'v1', '-m', 'v1'])
  await project.commit('second')
  await project.git(['push', '-q', 'origin', 'HEAD:refs/heads/release'])
  await project.git(['branch', 'local-only'])
  await project.commit('third')

  expect((await project.start('tag', '--base', 'v1')).session).toMatchObject({ base: 'main', baseCommit: first })
  expect((await project.start('oid', '--base', first.slice(0, 10))).session).toMatchObject({ base: 'main', baseCommit: first })
  const second = await project.git(['rev-parse', 'local-only'])
  expect((await project.start('local', '--base', 'local-only')).session).toMatchObject({ base: 'local-only', baseCommit: second })
  expect((await project.start('remote', '--base', 'release')).session).toMatchObject({ base: 'release', baseCommit: second })
  expect((await project.start('named', '--base', 'origin/release')).session).toMatchObject({
    base: 'release',
    baseCommit: second,
  })
  const upstream = project.git(['rev-parse', '--abbrev-ref', '@{upstream}'], project.session('named'))
  await expect(upstream).rejects.toThrow('no upstream')
})

test.concurrent('without a name the goal gives one, numbered when it is taken', async () => {
  const project = await makeProject()
  expect((await project.start('--goal', 'Fix the Login form!')).session.id).toBe('fix-the-login-form')
  expect((await project.start('--goal', 'Fix the login form')).session.id).toBe('fix-the-login-form-2')
})

test.concurrent('a name from a goal steps around branches and folders that are there', async () => {
  const project = await makeProject()
  await project.git(['branch', 'session/tidy-up'])
  expect((await project.start('--goal', 'tidy up')).session.id).toBe('tidy-up-2')
})

test.concurrent('--from-here starts a session from another one, and goes back to its branch', async () => {
  const project = await makeProject()
  await project.start('a')
  const tip = await project.commit('work in a', { 'a.txt': 'a\n' }, project.session('a'))
  const { status, json } = await project.json(['start', 'b', '--from-here'], project.session('a'))
  expect(status).toBe(0)
  expect(json.data).toMatchObject({ session: { base: 'session/a', baseCommit: tip }, path: project.session('b') })
})

test.concurrent('--exec runs a command in the session when it is ready, with its ports and its exit status', async () => {
  const project = await makeProject({ config: { ports: { PORT: 47000 }, postCreateHook: 'touch .env' } })
  const script = 'test -f .env && echo "in $(pwd) on $PORT as $FLIGHTRULES_SESSION"; exit 7'
  const { status, stdout } = await project.cli(['start', 'a', '--exec', 'sh', '-c', script])
  expect(status).toBe(7)
  expect(stdout).toMatch(new RegExp(`in ${project.session('a')} on 47\\d+ as a\n$`))
  const asJson = await project.cli(['start', 'b', '--json', '--exec', '--', 'echo', 'words', '--json', '--dry-run'])
  expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: true, data: { session: { id: 'b' } } })
  expect(asJson.stderr).toContain('words --json --dry-run\n')
})

test.concurrent('--dry-run prints the plan and changes nothing', async () => {
  const project = await makeProject({ config: { ports: { PORT: 47100 }, postCreateHook: 'npm ci' } })
  await project.write('.env', 'A=1\n')
  // which git this is, is noted by the first command of all
  await project.status()
  const before = await hashOf(project)
  const text = await project.cli(['start', 'a', '--dry-run'])
  expect(text.status).toBe(0)
  for (const words of ['session/a', project.session('a'), '.env', 'npm ci']) expect(text.stdout).toContain(words)
  const { json } = await project.json(['start', 'a', '--dry-run'])
  const { plan } = json.data as unknown as { plan: { version: number; command: string; steps: { kind: string; undo: string }[] } }
  expect(plan).toMatchObject({ version: 1, command: 'start' })
  expect(plan.steps.map((step) => step.kind)).toEqual([
    'create-branch',
    'add-worktree',
    'write-record',
    'write-manifest',
    'write-history',
    'heal-hooks',
    'copy-env-files',
    'write-env-block',
    'create-session-log',
    'activate-session',
    'run-setup',
  ])
  expect(plan.steps.every((step) => step.undo !== '')).toBe(true)
  expect((await project.json(['start', 'a', '--standard', '--dry-run'])).status).toBe(0)
  expect(await hashOf(project)).toBe(before)
})

test.concurrent('--issue is kept in the manifest and told to the commands', async () => {
  const project = await makeProject()
  expect((await project.start('a', '--issue', '12')).session.issue).toBe(12)
})

test.concurrent('without a log in the configuration there is none', async () => {
  const project = await makeProject({ config: { sessionLog: false } })
  expect((await project.start('a')).session.sessionLog).toBeNull()
  expect(await project.git(['status', '--porcelain'], project.session('a'))).toBe('')
})

test.concurrent('--no-color and NO_COLOR leave no escape codes, --quiet no narration', async () => {
  const project = await makeProject({ config: { postCreateHook: 'echo noise' } })
  const { stdout, stderr } = await project.cli(['start', 'a', '--quiet', '--no-color'])
  expect(stdout + stderr).not.toContain('\u001b')
  expect(stderr).not.toContain('noise')
  expect(stdout).toContain(project.session('a'))
})

/** Everything in and beside the repository, but the home directory of the test. */
async function hashOf(project: TestProject): Promise<string> {
  const hash = createHash('sha256')
  const names = await readdir(project.parent, { recursive: true })
  for (const name of names.filter((one) => !one.startsWith('home')).toSorted()) {
    const path = join(project.parent, name)
    hash.update(`${name}\0`)
    if ((await lstat(path)).isFile()) hash.update(await readFile(path))
  }
  return hash.digest('hex')
}
