import { chmod, lstat, mkdir, readFile, stat, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'

test.concurrent('a session has env files, dependencies, ports, an env block and a log, and git sees none of it but the log', async () => {
  const project = await makeProject({
    config: {
      envFiles: ['.env', '.env.local', 'apps/*/.env.local'],
      dependencies: { paths: ['node_modules'] },
      ports: { PORT: 43000, API_PORT: { from: 43500, to: 43599 } },
      env: { DATABASE_URL: 'postgres://localhost/{project}_{session_snake}_{PORT}' },
      postCreateHook: [
        'echo "made $FLIGHTRULES_SESSION on $PORT in $FLIGHTRULES_WORKTREE" > made.txt && echo streamed words',
        'echo second',
      ],
    },
    files: {
      '.worktreeinclude': 'certs/*.pem\n',
      'apps/web/index.js': '1\n',
      '.gitignore': 'node_modules/\n.env*\ncerts/\nmade.txt\n',
    },
  })
  await project.write('.env', 'A=1\n')
  await project.write('.env.local', 'SECRET=abcdefgh\n')
  await project.write('apps/web/.env.local', 'WEB=1\n')
  await project.write('certs/dev.pem', 'pem\n')
  await project.write('certs/notes.txt', 'not asked for\n')
  await project.write('node_modules/dep/index.js', 'module.exports = 1\n')
  await chmod(join(project.path, '.env'), 0o644)
  await chmod(join(project.path, 'certs/dev.pem'), 0o640)

  const { status, stdout, stderr } = await project.cli([
    'start',
    'auth-refactor',
    '--goal',
    'Refactor auth',
    '--goal',
    'Then docs',
  ])
  expect(stderr).toContain('\nstreamed words\nrunning echo second\nsecond\n')
  expect(status).toBe(0)
  const path = project.session('auth-refactor')
  expect(stdout).toContain(`cd ${path} && claude`)

  expect(await readFile(join(path, '.env'), 'utf8')).toBe('A=1\n')
  expect(await readFile(join(path, 'apps/web/.env.local'), 'utf8')).toBe('WEB=1\n')
  expect(await readFile(join(path, 'certs/dev.pem'), 'utf8')).toBe('pem\n')
  await expect(lstat(join(path, 'certs/notes.txt'))).rejects.toThrow('ENOENT')
  const mode = async (file: string): Promise<string> => ((await stat(join(path, file))).mode & 0o777).toString(8)
  expect([await mode('.env'), await mode('.env.local'), await mode('certs/dev.pem')]).toEqual(['600', '600', '640'])

  const dependency = 'node_modules/dep/index.js'
  const [here, there] = await Promise.all([stat(join(project.path, dependency)), stat(join(path, dependency))])
  expect(there.ino).not.toBe(here.ino)
  expect(there.nlink).toBe(1)

  const { sessions } = JSON.parse(await project.read(join(path, '../.manifest.json')))
  const [entry] = sessions
  expect(entry).toMatchObject({
    id: 'auth-refactor',
    branch: 'session/auth-refactor',
    worktree: '../project-sessions/auth-refactor',
    goals: ['Refactor auth', 'Then docs'],
    status: 'active',
    mode: 'parallel',
    base: 'main',
    baseCommit: await project.git(['rev-parse', 'main']),
    envFiles: ['.env', '.env.local', 'apps/web/.env.local', 'certs/dev.pem'],
    setup: { status: 'ok' },
    createdBy: 'cli',
    issue: null,
    pr: null,
  })
  expect(entry.sessionLog).toMatch(/^docs\/session_logs\/\d{8}_\d{4}_session\.md$/)
  const { PORT, API_PORT } = entry.ports
  expect(PORT).toBeGreaterThan(43000)
  expect(API_PORT).toBeGreaterThanOrEqual(43500)

  const block = await readFile(join(path, '.env.local'), 'utf8')
  expect(block).toContain('SECRET=abcdefgh\n')
  expect(block).toContain(`PORT=${PORT}\nAPI_PORT=${API_PORT}\nDATABASE_URL=postgres://localhost/project_auth_refactor_${PORT}\n`)
  expect(await readFile(join(path, 'made.txt'), 'utf8')).toBe(`made auth-refactor on ${PORT} in ${path}\n`)
  expect(await readFile(entry.setup.log, 'utf8')).toMatch(/streamed words[^]*second/)
  expect(await readFile(join(path, entry.sessionLog), 'utf8')).toMatch(
    /# Session auth-refactor[^]*- Refactor auth\n- Then docs\n/,
  )
  expect(await project.git(['status', '--porcelain', '--untracked-files=all'], path)).toBe(`?? ${entry.sessionLog}`)
  expect(await project.git(['status', '--porcelain'])).toBe('')
  expect(await project.git(['worktree', 'list', '--porcelain'])).toContain('locked flightrules session auth-refactor')
})

test.concurrent('nothing that is there is overwritten, and no symlink is followed out of the repository', async () => {
  const project = await makeProject({
    config: { envFiles: ['.env', '.env.local', 'config/.env', 'linked/.env'] },
    files: { 'config/.env': 'TRACKED=1\n', '.gitignore': '/.env\n/.env.local\nlinked\n' },
  })
  const outside = join(project.parent, 'outside')
  await project.write(`${outside}/.env`, 'OUTSIDE=1\n')
  await symlink(outside, join(project.path, 'linked'))
  await symlink(join(outside, '.env'), join(project.path, '.env'))
  await project.write('config/.env', 'CHANGED=1\n')

  const { status, json } = await project.json(['start', 'a', '--proceed'])
  expect(status).toBe(0)
  const path = project.session('a')
  expect(await readFile(join(path, 'config/.env'), 'utf8')).toBe('TRACKED=1\n')
  await expect(lstat(join(path, '.env'))).rejects.toThrow('ENOENT')
  await expect(lstat(join(path, 'linked'))).rejects.toThrow('ENOENT')
  expect(json.findings.map((finding) => finding.code)).toContain('ENV_FILE_NOT_REGULAR')
})

test.concurrent('a port somebody listens on is passed over, and a session keeps its own', async () => {
  const server = createServer()
  const from = await new Promise<number>((resolve) =>
    server.listen(0, () => resolve((server.address() as { port: number }).port)),
  )
  const project = await makeProject({ config: { ports: { PORT: { from, to: from + 60 } } } })
  const { session: first } = await project.start('one')
  expect(first.ports['PORT']).toBeGreaterThan(from)
  await new Promise((resolve) => server.close(resolve))
  const again = await project.json(['setup', 'one'])
  expect(again.json.data).toMatchObject({ session: { ports: first.ports } })
  const { session: second } = await project.start('two')
  expect(second.ports['PORT']).not.toBe(first.ports['PORT'])
})

test.concurrent('hooks fire in a session at once: a push with uncommitted files is refused', async () => {
  const project = await makeProject({ remote: true })
  await project.cli(['start', 'a'])
  const path = project.session('a')
  await project.commit('work', {}, path)
  await project.write(join(path, 'left-out.txt'), 'x\n')
  const refused = await project.git(['push', 'origin', 'HEAD'], path).catch((error: { stderr: string }) => error.stderr)
  expect(refused).toContain('left-out.txt')
  expect(await project.git(['ls-remote', '--heads', 'origin'])).not.toContain('session/a')
  await project.commit('all of it', {}, path)
  await project.git(['push', '--quiet', 'origin', 'HEAD'], path)
  expect(await project.git(['ls-remote', '--heads', 'origin'])).toContain('refs/heads/session/a')
})

test.concurrent('from a subdirectory and with -C a session starts as from the top', async () => {
  const project = await makeProject()
  const below = join(project.path, 'a/b')
  await mkdir(below, { recursive: true })
  expect((await project.cli(['start', 'one'], below)).status).toBe(0)
  expect((await project.cli(['-C', 'a', '-C', 'b', 'start', 'two'])).status).toBe(0)
  expect((await lstat(project.session('two'))).isDirectory()).toBe(true)
})

test.concurrent("a post-checkout of the project's own that fails does not cost the session", async () => {
  const project = await makeProject({ hooks: 'none' })
  const hook = join(project.path, '.git/hooks/post-checkout')
  await project.write(hook, '#!/bin/sh\necho "theirs fails" >&2\nexit 3\n')
  await chmod(hook, 0o755)
  const { session, findings } = await project.start('a')
  expect(session.status).toBe('active')
  expect(findings).toMatchObject([{ code: 'POST_CHECKOUT_FAILED', message: expect.stringContaining('status 3') }])
})

test.concurrent('a checkout that fails leaves nothing behind, and git says why', async () => {
  const project = await makeProject({ hooks: 'none', files: { '.gitattributes': '*.txt filter=broken\n', 'a.txt': 'a\n' } })
  await project.git(['config', 'filter.broken.smudge', 'exit 5'])
  await project.git(['config', 'filter.broken.clean', 'cat'])
  await project.git(['config', 'filter.broken.required', 'true'])
  const { status, json } = await project.json(['start', 'a'])
  expect({ status, code: json.error.code }).toEqual({ status: 1, code: 'GIT_FAILED' })
  expect(json.error.message).toContain('a.txt')
  expect(await project.git(['worktree', 'list'])).not.toContain('\n')
  expect(await project.git(['branch', '--list', 'session/*'])).toBe('')
  await expect(lstat(project.session('a'))).rejects.toThrow('ENOENT')
  await project.git(['config', 'filter.broken.smudge', 'cat'])
  await project.start('a')
})
