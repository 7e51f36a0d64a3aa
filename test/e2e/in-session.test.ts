import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { runCli } from '../support/run-cli.ts'
import { packedPackage } from '../support/packed-package.ts'

const config = { ports: { PORT: 53000, API_PORT: 53500 }, env: { NAME: "it's {session} on {PORT}", URL: 'http://x/?a=$b&c="d"' } }

test.concurrent('path prints the worktree, of a session or of where one is', async () => {
  const project = await makeProject()
  await project.start('a')
  const path = project.session('a')
  expect((await project.cli(['path', 'a'])).stdout).toBe(`${path}\n`)
  expect((await project.cli(['path', 'A'])).stdout).toBe(`${path}\n`)
  expect((await project.cli(['path'], path)).stdout).toBe(`${path}\n`)
  expect((await project.json(['path', 'a'], path)).json.data).toEqual({ path })
  const outside = await project.json(['path'])
  expect({ status: outside.status, code: outside.json.error.code }).toEqual({ status: 2, code: 'SESSION_NEEDED' })
  const unknown = await project.json(['path', 'b'])
  expect({ status: unknown.status, code: unknown.json.error.code, hint: unknown.json.error.hint }).toEqual({
    status: 2,
    code: 'SESSION_NOT_FOUND',
    hint: 'sessions: a',
  })
})

test.concurrent('switch prints the path where no shell integration is, and changes the directory where it is', async () => {
  const project = await makeProject()
  await project.start('a')
  const path = project.session('a')
  const { stdout, stderr } = await project.cli(['switch', 'a'])
  expect(stdout).toBe(`${path}\n`)
  expect(stderr).toContain('shell-init')
  const script = `eval "$("$NODE" "$CLI" shell-init bash)"; flightrules switch a && pwd; flightrules switch nope; echo "status $?"; pwd`
  const bin = join(packedPackage(), '../.bin')
  const env = {
    ...project.env,
    PATH: `${bin}:${project.env['PATH']}`,
    NODE: process.execPath,
    CLI: join(packedPackage(), 'dist/cli.cjs'),
  }
  const shell = await promisify(execFile)('bash', ['-c', script], { cwd: project.path, env })
  expect(shell.stdout).toBe(`${path}\nstatus 2\n${path}\n`)
})

test.concurrent('run gives a command the session: directory, ports, variables, output and exit status', async () => {
  const project = await makeProject({ config })
  const { session, path } = await project.start('a')
  const script =
    'pwd; echo "$PORT $API_PORT $NAME $FLIGHTRULES_SESSION $FLIGHTRULES_BRANCH $FLIGHTRULES_BASE"; echo oops >&2; exit 9'
  const { status, stdout, stderr } = await project.cli(['run', 'a', '--', 'sh', '-c', script])
  const { PORT, API_PORT } = session.ports
  expect(stdout).toBe(`${path}\n${PORT} ${API_PORT} it's a on ${PORT} a session/a main\n`)
  expect({ status, stderr }).toEqual({ status: 9, stderr: 'oops\n' })
  expect((await project.cli(['run', 'a', 'echo', '--json', '-n', '$PORT'])).stdout).toBe('--json -n $PORT\n')
  expect((await project.cli(['run', 'a', '--', 'sh', '-c', 'kill -TERM $$'])).status).toBe(143)
  expect((await project.cli(['run', 'a', '--', 'git', 'rev-parse', '--show-toplevel'])).stdout).toBe(`${path}\n`)
})

test.concurrent('run of nothing, of a program that is not there, in a session that is not there', async () => {
  const project = await makeProject()
  await project.start('a')
  expect((await project.cli(['run', 'a'])).status).toBe(2)
  const missing = await project.cli(['run', 'a', '--', 'no-such-program'])
  expect(missing.status).toBe(1)
  expect(missing.stderr).toMatch(/^error: there is no program "no-such-program" on PATH\n/)
  expect((await project.cli(['run', 'b', '--', 'true'])).status).toBe(2)
})

test.concurrent('run --json answers with one document, the output of the command goes to standard error', async () => {
  const project = await makeProject()
  await project.start('a')
  for (const flags of [
    ['--json', 'a'],
    ['a', '--json'],
  ]) {
    const { status, stdout, stderr } = await project.cli(['run', ...flags, '--', 'sh', '-c', 'echo out; exit 4'])
    expect({ status, stderr }).toEqual({ status: 4, stderr: 'out\n' })
    expect(JSON.parse(stdout)).toMatchObject({ command: 'run', data: { exitStatus: 4 } })
  }
})

test.concurrent('run --dry-run says what would run and runs nothing', async () => {
  const project = await makeProject()
  const { path } = await project.start('a')
  const { status, stdout } = await project.cli(['run', '--dry-run', '--json', 'a', '--', 'touch', 'made.txt'])
  expect(status).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    data: { plan: { version: 1, command: 'run', steps: [{ kind: 'run', command: ['touch', 'made.txt'], path }], choices: [] } },
  })
  expect((await project.cli(['run', 'a', '--dry-run', '--', 'touch', 'made.txt'])).stdout).toContain('touch')
  expect(existsSync(join(path, 'made.txt'))).toBe(false)
})

test.concurrent.for([
  ['path', 'a'],
  ['switch', 'a'],
  ['run', 'a', '--', 'true'],
])('%j of a session whose folder is gone says so', async (words) => {
  const project = await makeProject()
  const { path } = await project.start('a')
  await rm(path, { recursive: true })
  const { status, stdout, stderr } = await project.cli(words)
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain(`the worktree of session a is not at ${path} any more`)
  const [verb = '', ...rest] = words
  const asJson = await project.cli([verb, '--json', ...rest])
  expect(JSON.parse(asJson.stdout)).toMatchObject({ ok: false, error: { code: 'SESSION_MISSING' } })
})

test.concurrent('env in each format is read back the same by what reads it', async () => {
  const project = await makeProject({ config })
  const { session, path } = await project.start('a')
  const { PORT } = session.ports
  const { json } = await project.json(['env'], path)
  const { env } = json.data as unknown as { env: Record<string, string> }
  expect(env).toMatchObject({
    PORT: String(PORT),
    NAME: `it's a on ${PORT}`,
    URL: 'http://x/?a=$b&c="d"',
    FLIGHTRULES_WORKTREE: path,
  })
  const asJson = await project.cli(['env', 'a', '--format', 'json'])
  expect(JSON.parse(asJson.stdout)).toEqual(env)
  const { stdout: lines } = await project.cli(['env', 'a', '--format', 'sh'])
  const shell = await promisify(execFile)('sh', ['-c', `${lines}\nprintf '%s\\n' "$NAME" "$URL" "$PORT"`])
  expect(shell.stdout).toBe(`it's a on ${PORT}\nhttp://x/?a=$b&c="d"\n${PORT}\n`)
  const dotenv = await project.cli(['env', 'a', '--format', 'dotenv'])
  expect(dotenv.stdout).toContain(`PORT=${PORT}\n`)
  expect(dotenv.stdout).toContain(`NAME="it's a on ${PORT}"\n`)
  expect((await project.cli(['env', 'a', '--format', 'xml'])).status).toBe(2)
})

test.concurrent('log prints the log of a session, or where it is', async () => {
  const project = await makeProject()
  const { session, path } = await project.start('a', '--goal', 'Say it')
  expect((await project.cli(['log', 'a'])).stdout).toContain('- Say it')
  const file = join(path, session.sessionLog ?? '')
  expect((await project.cli(['log', '--path'], path)).stdout).toBe(`${file}\n`)
  expect((await project.json(['log', 'a'])).json.data).toMatchObject({ path: file })
})

test.concurrent('a session without log says so', async () => {
  const project = await makeProject({ config: { sessionLog: false } })
  await project.start('a')
  const { status, json } = await project.json(['log', 'a'])
  expect({ status, code: json.error.code }).toEqual({ status: 1, code: 'NO_SESSION_LOG' })
})

test.concurrent('setup makes a session whole again and overwrites nothing', async () => {
  const project = await makeProject({
    config: {
      ...config,
      envFiles: ['.env', '.env.test'],
      dependencies: { paths: ['node_modules'] },
      postCreateHook: 'echo again >> .env.count',
    },
  })
  await project.write('.env', 'A=1\n')
  const { session, path } = await project.start('a')
  await project.write(join(path, '.env'), 'MINE=1\n')
  await project.write('.env.test', 'T=1\n')
  await project.write('node_modules/dep/x.js', 'x\n')
  const { status, json } = await project.json(['setup', 'a'])
  expect(status).toBe(0)
  expect(json.data).toMatchObject({
    path,
    session: { ports: session.ports, envFiles: ['.env', '.env.test'], setup: { status: 'ok' } },
  })
  const read = async (file: string): Promise<string> => project.read(join(path, file))
  expect([await read('.env'), await read('.env.test'), await read('node_modules/dep/x.js'), await read('.env.count')]).toEqual([
    'MINE=1\n',
    'T=1\n',
    'x\n',
    'again\nagain\n',
  ])
  expect((await read('.env.local')).match(/PORT=/g)).toHaveLength(2)
})

test.concurrent('a goal and a folder with an escape sequence: a program gets them as they are, a person reads them written out', async () => {
  const project = await makeProject({ name: 'pro\u001b[31mject' })
  const { path } = await project.start('a', '--goal', 'be \u001b[31mred')
  expect((await project.cli(['path', 'a'])).stdout).toBe(`${path}\n`)
  expect((await project.cli(['env', 'a'])).stdout).toContain(`FLIGHTRULES_WORKTREE='${path}'\n`)
  for (const FORCE_COLOR of ['0', '1']) {
    const { stdout } = await runCli(['status'], { cwd: project.path, env: { ...project.env, FORCE_COLOR } })
    expect(stdout).toContain('be \\x1b[31mred')
    expect(stdout).not.toContain('\u001b[31m')
  }
})
