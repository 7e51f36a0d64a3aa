import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject, withCommands } from '../support/flightrules-project.ts'
import { makeIsolatedEnvironment } from '../support/isolated-environment.ts'
import { makeRepository } from '../support/repository.ts'
import { runJson } from '../support/run-cli.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

/** Everything of a project but git's own chatter, as one hash: equal means nothing was touched. */
async function fingerprint(project: TestProject): Promise<string> {
  const hash = createHash('sha256')
  const entries = await readdir(project.parent, { recursive: true, withFileTypes: true })
  for (const entry of entries.toSorted((a, b) => (join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1))) {
    const path = join(entry.parentPath, entry.name)
    // the lock is taken while a refusal is made out, and leaves its generation behind
    if (/\/\.git\/flightrules(\/(lock|cache)(\/|$)|$)/.test(path) || path.startsWith(join(project.parent, 'home'))) continue
    hash.update(`${path}\0`)
    if (entry.isFile()) hash.update(await readFile(path))
    if (entry.isSymbolicLink()) hash.update(await readlink(path))
  }
  return hash.digest('hex')
}

async function expectRefusal(project: TestProject, args: readonly string[], status: number, code: string, cwd?: string) {
  const before = await fingerprint(project)
  const answer = await project.json(args, cwd)
  expect({ status: answer.status, ok: answer.json.ok, code: answer.json.error.code }).toEqual({ status, ok: false, code })
  expect(await fingerprint(project)).toBe(before)
  return answer.json.error
}

test.concurrent('inside a session another one is refused, naming the main directory', async () => {
  const project = await makeProject()
  await project.cli(['start', 'a'])
  const error = await expectRefusal(project, ['start', 'b'], 3, 'NESTED_SESSION', project.session('a'))
  expect(error.hint).toBe(`cd ${project.path}`)
  expect(error.choices.map((choice) => choice.flag)).toEqual(['--from-here'])
})

test.concurrent('a name that is taken is refused, also in other letters, and by a session of any branch', async () => {
  const project = await makeProject({ config: { branchPrefix: 'w/' } })
  await project.cli(['start', 'app'])
  await project.git(['worktree', 'add', '-q', '-b', 'other', join(project.parent, 'Web')])
  expect((await expectRefusal(project, ['start', 'app'], 3, 'SESSION_EXISTS')).details).toEqual({ id: 'app' })
  await expectRefusal(project, ['start', 'web'], 3, 'SESSION_EXISTS')
})

test.concurrent('a branch that is there is refused unless it shall be used again', async () => {
  const project = await makeProject()
  await project.git(['branch', 'session/a'])
  const error = await expectRefusal(project, ['start', 'a'], 3, 'BRANCH_EXISTS')
  expect(error.choices.map((choice) => choice.flag)).toEqual(['--reuse-branch'])
  expect((await project.cli(['start', 'a', '--reuse-branch'])).status).toBe(0)
  expect(await project.git(['branch', '--show-current'], project.session('a'))).toBe('session/a')
})

test.concurrent('a branch that is checked out elsewhere is not used again', async () => {
  const project = await makeProject({ config: { hooks: { postCheckout: { register: false } } } })
  const elsewhere = join(project.parent, 'elsewhere')
  await project.git(['worktree', 'add', '-q', '-b', 'session/a', elsewhere])
  expect((await expectRefusal(project, ['start', 'a', '--reuse-branch'], 3, 'BRANCH_IN_USE')).message).toContain(elsewhere)
})

test.concurrent('a branch called session blocks every session/… and is named', async () => {
  const project = await makeProject()
  await project.git(['branch', 'session'])
  const error = await expectRefusal(project, ['start', 'a'], 3, 'BRANCH_NAME_BLOCKED')
  expect(error.hint).toContain('git branch -m session')
})

test.concurrent('a folder where the session would be is refused', async () => {
  const project = await makeProject()
  await mkdir(project.session('a'), { recursive: true })
  await expectRefusal(project, ['start', 'a'], 3, 'PATH_EXISTS')
})

test.concurrent('a name or a goal is needed', async () => {
  const project = await makeProject()
  expect((await expectRefusal(project, ['start'], 2, 'NAME_NEEDED')).hint).toContain('--goal')
  const nameless = await expectRefusal(project, ['start', '--goal', '日本語'], 2, 'NAME_NEEDED')
  expect(nameless.message).toContain('nothing in the goal "日本語" can be')
  expect(nameless.hint).toBe("flightrules start <name> --goal '日本語'")
})

test.concurrent('flags that contradict each other are refused', async () => {
  const project = await makeProject()
  await project.write('new.txt', 'x\n')
  await expectRefusal(project, ['start', 'a', '--stash', '--carry'], 2, 'USAGE')
  await expectRefusal(project, ['start', 'a', '--standard', '--parallel'], 2, 'USAGE')
  await expectRefusal(project, ['start', 'a', '--standard', '--carry'], 2, 'USAGE')
  await expectRefusal(project, ['start', 'a', '--standard', '--base', 'main'], 2, 'USAGE')
})

test.concurrent('a base that is no branch, tag or commit is refused', async () => {
  const project = await makeProject()
  for (const base of ['nope', '--all', 'HEAD:README.md', ''])
    await expectRefusal(project, ['start', 'a', `--base=${base}`], 2, 'BASE_NOT_FOUND')
})

test.concurrent('a repository without commits has nothing to start from', async () => {
  const project = withCommands(await makeRepository({ empty: true }))
  for (const mode of ['--parallel', '--standard']) {
    const error = await expectRefusal(project, ['start', 'a', mode], 3, 'NO_COMMITS')
    expect(error.hint).toContain('git commit')
  }
  expect((await project.cli(['status'])).status).toBe(0)
})

test.concurrent('outside a repository every command says so', async () => {
  const cwd = await makeTemporaryDirectory('nowhere')
  const env = makeIsolatedEnvironment(join(cwd, 'home'))
  for (const args of [
    ['start', 'a'],
    ['status'],
    ['path', 'a'],
    ['env'],
    ['setup'],
    ['log'],
    ['init'],
    ['end'],
    ['switch', 'a'],
  ]) {
    const { status, json } = await runJson(args, { cwd, env })
    expect({ args, status, code: json.error.code }).toEqual({ args, status: 2, code: 'NOT_A_REPOSITORY' })
  }
})

test.concurrent('names that git, a shell or a file system would stumble over are refused with one that works', async ({
  expect,
}) => {
  const project = await makeProject()
  const hints: string[] = []
  for (const name of [
    'a..b',
    'Fix login',
    'a/b',
    'größe',
    'x'.repeat(300),
    'App',
    'a.lock',
    'a.',
    '.a',
    'con',
    '@',
    '..',
    ' ',
    'a\nb',
    '🙂',
    '',
  ]) {
    const error = await expectRefusal(project, ['start', name], 2, 'INVALID_NAME')
    expect(error.message).toContain(JSON.stringify(name))
    hints.push(`${name.slice(0, 10)} -> ${error.hint}`)
  }
  expect(hints).toMatchInlineSnapshot(`
    [
      "a..b -> flightrules start a.b",
      "Fix login -> flightrules start fix-login",
      "a/b -> flightrules start a-b",
      "größe -> flightrules start grosse",
      "xxxxxxxxxx -> flightrules start xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
      "App -> flightrules start app",
      "a.lock -> flightrules start a",
      "a. -> flightrules start a",
      ".a -> flightrules start a",
      "con -> use lower-case letters, digits, ".", "_" and "-"",
      "@ -> use lower-case letters, digits, ".", "_" and "-"",
      ".. -> use lower-case letters, digits, ".", "_" and "-"",
      "  -> use lower-case letters, digits, ".", "_" and "-"",
      "a
    b -> flightrules start a-b",
      "🙂 -> use lower-case letters, digits, ".", "_" and "-"",
      " -> use lower-case letters, digits, ".", "_" and "-"",
    ]
  `)
  await expectRefusal(project, ['start', '-rf'], 2, 'UNKNOWN_OPTION')
  const dashed = await project.cli(['start', '--', '-rf'])
  expect({ status: dashed.status, stderr: dashed.stderr }).toMatchInlineSnapshot(`
    {
      "status": 2,
      "stderr": "error: "-rf" cannot be a session's name: a leading dash would be read as a flag
      flightrules start rf
    ",
    }
  `)
})
