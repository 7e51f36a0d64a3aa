import { chmod, readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { makeForgeProject, type ForgeProject } from '../support/recording-forge.ts'
import { commitWork, startWithWork, stateOf } from '../support/session-work.ts'

const secret = 'hunter2-hunter2'
const env = `# local\nAPI_KEY="${secret}"\nNODE_ENV=development\nURL=http://localhost:3000\nKEY="-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\n-----END KEY-----"\n`

async function created(project: ForgeProject): Promise<{ argv: readonly string[]; body: string | null }> {
  const create = (await project.calls()).find(({ argv }) => argv[1] === 'create')
  if (create === undefined) throw new Error('no request was opened')
  return create
}

/** Everything this program wrote about the project, and what it keeps of it. */
async function everythingStored(project: ForgeProject): Promise<string> {
  const texts = [await readFile(`${project.path}-sessions/.manifest.json`, 'utf8').catch(() => '')]
  for (const folder of ['.git/flightrules', '.git/worktrees']) {
    for (const entry of await readdir(join(project.path, folder), { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) texts.push(await readFile(join(entry.parentPath, entry.name), 'latin1'))
    }
  }
  return texts.join('\n')
}

describe.concurrent('the text of a request', () => {
  test('made of hostile goals, commits and log calls nobody, closes nothing, and is no argument of a shell', async () => {
    const project = await makeForgeProject('gh')
    const goals = ['--draft `x` @team', 'Closes #1 <!-- x --> ![b](https://evil.example/x)', '$(touch canary); `touch canary`']
    await startWithWork(project, 'auth', { 'a.txt': 'a' }, ...goals.flatMap((goal) => ['--goal', goal]))
    await commitWork(project, project.session('auth'), 'Fixes #2 for @boss\u202e', { 'b.txt': 'b' })
    expect((await project.json(['end', 'auth', '--strategy', 'pr'])).status).toBe(0)
    const { argv, body } = await created(project)
    expect(argv).toContain('--title=--draft `x` @ team')
    expect(body).toContain('- Closes – #1 \\<\\!-- x --\\> \\!\\[b\\](https://evil.example/x)\n')
    expect(body).toContain('- Fixes – #2 for `@boss`\n')
    expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/canary/))
  })

  test('that is given by file stays Markdown and does nothing', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    const text = '## Why\n\nask @team, Closes #1\n\n<!-- x --> ![b](https://evil.example/x)\n/close\n'
    await project.write('../body.md', text)
    const { status } = await project.json(['end', 'auth', '--title', '-- @team closes #3', '--body-file', '../body.md'])
    expect(status).toBe(0)
    const { argv, body } = await created(project)
    expect(argv).toContain('--title=-- @ team closes – #3')
    expect(body).toBe('## Why\n\nask @ team, Closes – #1\n\n&lt;!-- x --> &#33;[b](https://evil.example/x)\n\\/close\n')
  })

  test.each(['gh', 'glab'] as const)('of 100 KB is cut before %s gets it', async (client) => {
    const project = await makeForgeProject(client)
    await startWithWork(project, 'auth')
    await project.write('../body.md', `${'@team <b> '.repeat(10_000)}\n`)
    expect((await project.json(['end', 'auth', '--body-file', '../body.md'])).status).toBe(0)
    const { argv, body } = await created(project)
    const text = body ?? argv.find((one) => one.startsWith('--description=')) ?? ''
    expect(Buffer.byteLength(text)).toBeGreaterThan(50_000)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(60_000)
    expect(text).toContain('[cut: a forge takes no longer text]')
  })

  test.each(['missing.md', '.', 'pipe'])('is not waited for when it is no file: %s', async (file) => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    const { execFile } = await import('node:child_process')
    await new Promise((resolve) => execFile('mkfifo', [join(project.path, 'pipe')], resolve))
    const before = await stateOf(project)
    const { status, json } = await project.json(['end', 'auth', '--body-file', file])
    expect({ status, code: json.error.code }).toEqual({ status: 2, code: 'NO_FILE' })
    expect(await stateOf(project)).toEqual(before)
  })
})

describe.concurrent('a secret that was copied from an env file', () => {
  test.each(['--title', '--body-file'])(
    'in %s stops the request before anything is pushed; its value is not repeated',
    async (flag) => {
      const project = await makeForgeProject('gh')
      await project.write('.env', env)
      const session = await startWithWork(project, 'auth')
      for (const text of [`key: ${secret}`, `key: ${secret.slice(0, 4)}\u200b${secret.slice(4)}`, 'MIIEvQIBADANBgkqhkiG9w0BAQ']) {
        await project.write('../body.md', text)
        const before = await stateOf(project)
        const { status, json } = await project.json(['end', 'auth', flag, flag === '--title' ? text : '../body.md'])
        expect({ status, code: json.error.code }).toEqual({ status: 3, code: 'SECRET_IN_REQUEST' })
        expect(json.error.message).toMatch(/(API_KEY|KEY) of \.env/)
        expect(JSON.stringify(json)).not.toMatch(/hunter2|MIIEvQ/)
        expect(await stateOf(project)).toEqual(before)
        expect(await project.git(['for-each-ref', 'refs/heads/session'], project.remotePath)).toBe('')
      }
      expect(session).toBe(project.session('auth'))
      // what everybody has in an env file is no secret
      await project.write('../body.md', 'in development, at http://localhost:3000')
      expect((await project.json(['end', 'auth', '--body-file', '../body.md'])).status).toBe(0)
    },
  )

  test('is taken out of what is made of goals, commits and log', async () => {
    const project = await makeForgeProject('gh')
    await project.write('.env', env)
    const session = await startWithWork(project, 'auth', { 'a.txt': 'a' }, '--goal', `use ${secret} here`)
    await commitWork(project, session, `say ${encodeURIComponent(secret)} and ${secret}`, { 'b.txt': 'b' })
    const [log = ''] = await readdir(join(session, 'docs/session_logs'))
    await project.write(join(session, 'docs/session_logs', log), `it was ${secret}\n`)
    expect((await project.json(['end', 'auth', '--commit', 'log'])).status).toBe(0)
    const { argv, body } = await created(project)
    expect(JSON.stringify(argv)).not.toContain(secret)
    expect(body).toContain('[redacted]')
    expect(body).not.toContain(secret)
  })

  test('printed by a setup command, a git hook or a forge is in no log, message, manifest or record of ours', async () => {
    const project = await makeForgeProject('gh', {
      config: { postCreateHook: 'cat .env; printf "half hunter2-"; sleep 0.2; echo hunter2; exit 3' },
    })
    await project.write('.env', env)
    const { json } = await project.json(['start', 'auth'])
    expect(json.error.code).toBe('SETUP_FAILED')
    const log = await readFile(String(json.error.details['log']), 'utf8')
    expect(log).toContain('API_KEY="[redacted]"')
    expect(log).toContain('half [redacted]')
    expect(log).toContain('NODE_ENV=development')
    expect(log).not.toMatch(/hunter2-hunter2|MIIEvQ/)
    await commitWork(project, project.session('auth'), 'work', { 'a.txt': 'a' })

    await project.failCreate({ status: 1, stderr: `HTTP 500 for ${secret}` })
    for (const flags of [[], ['--verbose']]) {
      const failed = await project.json(['end', 'auth', ...flags])
      expect(failed.json.error).toMatchObject({
        code: 'FORGE_FAILED',
        message: expect.stringContaining('HTTP 500 for [redacted]'),
      })
      expect(JSON.stringify(failed.json)).not.toContain(secret)
    }

    const hook = join(project.path, '.git/hooks/pre-push')
    await project.write(hook, `#!/bin/sh\necho "no: $(cat .env)" >&2\nexit 1\n`)
    await chmod(hook, 0o755)
    await commitWork(project, project.session('auth'), 'more', { 'b.txt': 'b' })
    const refused = await project.json(['end', 'auth', '--strategy', 'keep', '--verbose'])
    expect(refused.json.error.code).toBe('PUSH_FAILED')
    expect(JSON.stringify(refused.json)).toContain('[redacted]')
    expect(JSON.stringify(refused.json)).not.toContain(secret)
    expect(await everythingStored(project)).not.toContain(secret)
  })

  test('in a goal is not written into manifest, record, history or session log', async () => {
    const project = await makeForgeProject('gh')
    await project.write('.env', env)
    await project.start('auth', '--goal', `make ${secret} work`)
    expect((await project.status()).sessions[0]?.goals).toEqual(['make [redacted] work'])
    expect(await everythingStored(project)).not.toContain(secret)
    const logs = join(project.session('auth'), 'docs/session_logs')
    for (const name of await readdir(logs)) expect(await readFile(join(logs, name), 'utf8')).not.toContain(secret)
  })
})

describe.concurrent('a token in a remote’s address', () => {
  const token = 'ghp_0123456789abcdefABCDEF0123456789abcd'

  test('is never printed and never stored, whatever fails', async () => {
    const project = await makeForgeProject('gh', { config: { end: { strategy: 'pr' } } })
    const address = `https://me:${token}@github.com/o/r.git`
    await project.git(['remote', 'set-url', 'origin', address])
    const said: string[] = []
    const run = async (...args: string[]): Promise<number> => {
      for (const flags of [[], ['--json', '--verbose']]) {
        const { status, stdout, stderr } = await project.cli([...args, ...flags])
        said.push(stdout, stderr)
        if (flags.length > 0) return status
      }
      return 0
    }
    await startWithWork(project, 'auth')
    await run('status')
    // pushing fails: the address is not to be reached, and git names it
    await project.git(['config', '--unset-all', `url.${project.remotePath}.pushInsteadOf`])
    await project.git(['config', 'http.proxy', 'http://127.0.0.1:9'])
    expect(await run('end', 'auth', '--push-only')).toBe(1)
    expect(await run('end', 'auth', '--strategy', 'keep')).toBe(1)
    expect(said.join('')).toContain('PUSH_FAILED')
    // now it arrives
    await project.git(['config', `url.${project.remotePath}.pushInsteadOf`, address])
    await run('end', 'auth', '--push-only')
    await project.failCreate({ status: 1, stderr: `could not reach ${address}: token=${token}` })
    expect(await run('end', 'auth')).toBe(1)
    await project.failCreate(null)
    expect(await run('end', 'auth')).toBe(0)
    const calls = JSON.stringify(await project.calls())
    for (const text of [...said, calls, await everythingStored(project)]) expect(text).not.toContain(token)
  })

  test('is not in what the push hook says when somebody pushes to an address', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, 'left.txt'), 'uncommitted')
    await project.git(['config', 'http.proxy', 'http://127.0.0.1:9'])
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    const { runCli } = await import('../support/run-cli.ts')
    const url = `https://${token}@github.com/o/r.git`
    const line = `refs/heads/session/auth ${tip} refs/heads/session/auth ${'0'.repeat(40)}\n`
    const { status, stderr } = await runCli(['hook', 'pre-push', url, url], { cwd: session, env: project.env, input: line })
    expect(status).toBe(1)
    expect(stderr).toContain('left.txt')
    expect(stderr).not.toContain(token)
  })
})

describe.concurrent('names of remotes and refs that look like options', () => {
  test('a remote that is called like an option is not used', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.git(['config', 'remote.--upload-pack=touch canary;.url', project.path])
    for (const strategy of ['pr', 'keep']) {
      const { status, json } = await project.json(['end', 'auth', '--strategy', strategy])
      expect({ strategy, ok: json.ok, status: status > 0 && status < 4 }).toEqual({ strategy, ok: false, status: true })
    }
    expect((await project.status()).sessions).toHaveLength(1)
    expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/canary/))
  })

  test.each(['--upload-pack=touch canary', '-x', '--output=canary', 'main^{/x}', ':/first', '@{-1}', 'refs/heads/..', 'HEAD:a'])(
    'a base of %j is a revision or nothing',
    async (base) => {
      const project = await makeProject()
      const { status, json } = await project.json(['start', 'auth', `--base=${base}`])
      if (json.ok) expect(status).toBe(0)
      else expect({ status, code: json.error.code }).toEqual({ status: 2, code: 'BASE_NOT_FOUND' })
      expect(await readdir(project.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/canary/))
    },
  )

  test('a branch that begins with a dash is pushed, merged and put away as a branch', async () => {
    const project = await makeProject({ remote: true })
    const { path } = await project.start('auth')
    await commitWork(project, path, 'work', { 'a.txt': 'a' })
    const tip = await project.git(['rev-parse', 'HEAD'], path)
    await project.git(['update-ref', 'refs/heads/--force', tip])
    await project.git(['symbolic-ref', 'HEAD', 'refs/heads/--force'], path)
    expect((await project.status()).sessions).toMatchObject([{ branch: '--force' }])
    expect((await project.json(['end', 'auth', '--strategy', 'keep'])).status).toBe(0)
    expect(await project.git(['rev-parse', 'refs/heads/--force'], project.remotePath ?? '')).toMatch(/^[0-9a-f]{40}$/)
    expect((await project.json(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await project.git(['show', 'main:a.txt'])).toBe('a')
  })
})
