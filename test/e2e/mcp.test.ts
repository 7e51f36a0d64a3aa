import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { chmod, cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { startMcpServer } from '../support/mcp-server.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runCli } from '../support/run-cli.ts'

const frames = (...messages: readonly object[]): string =>
  messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('')

const hello = frames(
  {
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  },
  { method: 'notifications/initialized' },
)
const callOf = (id: number, name: string, input: object): string =>
  frames({ id, method: 'tools/call', params: { name, arguments: input } })

describe.concurrent('mcp', () => {
  test('tells what it offers, and honestly what each does', async () => {
    const project = await makeProject()
    const server = await startMcpServer(project.path, project.env)
    const { tools } = await server.client.listTools()
    const reading = tools.filter(({ annotations }) => annotations?.readOnlyHint === true).map(({ name }) => name)
    expect(reading).toEqual(['status', 'radar', 'cleanup_preview', 'log', 'environment'])
    expect(tools.map(({ name }) => name).filter((name) => !reading.includes(name))).toEqual([
      'start',
      'sync',
      'end',
      'cleanup',
      'restore',
      'log_append',
    ])
    const destructive = tools.filter(({ annotations }) => annotations?.destructiveHint === true).map(({ name }) => name)
    expect(destructive).toEqual(['end', 'cleanup'])
    for (const { annotations } of tools)
      expect(Object.values(annotations ?? {}).map((hint) => typeof hint)).toEqual(Array(4).fill('boolean'))
    for (const { inputSchema, outputSchema, description } of tools) {
      expect(outputSchema?.required).toEqual(['version', 'command', 'ok'])
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(description?.length).toBeGreaterThan(40)
    }
    expect(server.client.getInstructions()).toContain('Never decide for them')
    await server.close()
  })

  test('a day of an agent: each answer is the document the command line gives', async () => {
    const project = await makeProject()
    const server = await startMcpServer(project.path, project.env)
    // from then on the client holds every answer against the schema of its tool
    await server.client.listTools()
    await project.write(join(project.path, 'a.txt'), 'mine\n')
    const refused = await server.call('start', { name: 'auth', goals: ['--help me'], mode: 'parallel' })
    expect(refused).toMatchObject({ ok: false, isError: true, command: 'start', error: { code: 'DIRTY_MAIN' } })
    expect(refused.error.choices.map(({ flag }) => flag)).toContain('--carry')
    const started = await server.call('start', { name: 'auth', goals: ['--help me'], mode: 'parallel', dirtyMain: 'carry' })
    expect(started).toMatchObject({ ok: true, isError: false, data: { session: { id: 'auth', goals: ['--help me'] } } })
    const directory = project.session('auth')
    expect(await server.call('log_append', { directory, section: 'plan', text: '- `$(touch x)` first' })).toMatchObject({
      ok: true,
    })
    expect((await server.call('log', { session: 'auth' })).data['text']).toContain('## Plan\n\n- `$(touch x)` first\n')
    expect(await server.call('radar', { files: ['a.txt'] })).toMatchObject({ data: { files: [{ touchedBy: [{ id: 'auth' }] }] } })
    expect((await server.call('environment', { session: 'auth' })).data['env']).toMatchObject({ FLIGHTRULES_SESSION: 'auth' })
    const { isError: _isError, ...status } = await server.call('status')
    expect(status).toEqual((await project.json(['status'])).json)
    expect(await server.call('end', { session: 'auth', strategy: 'merge' })).toMatchObject({ error: { code: 'UNCOMMITTED' } })
    expect(await server.call('sync', { session: 'auth' })).toMatchObject({ data: { results: [{ outcome: 'up-to-date' }] } })
    expect(await server.call('cleanup_preview')).toMatchObject({ data: { plan: { command: 'cleanup' } } })
    const ended = await server.call('end', { session: 'auth', strategy: 'merge', commit: 'work' })
    expect(ended).toMatchObject({ ok: true, data: { integrated: { into: 'main' }, worktreeRemoved: true } })
    expect(await project.read(join(project.path, 'a.txt'))).toBe('mine\n')
    await server.close()
  })

  test('what lets go of work, or approves, is no tool and no answer of one', async () => {
    const project = await makeProject()
    await project.start('auth')
    const server = await startMcpServer(project.path, project.env)
    expect(await server.call('end', { session: 'auth', strategy: 'abandon' })).toMatchObject({
      error: { code: 'USAGE', message: expect.stringContaining('flightrules end <id> --strategy abandon') },
    })
    expect(await server.call('end', { session: 'auth', strategy: 'keep', proceed: true })).toMatchObject({
      error: { code: 'USAGE' },
    })
    expect(await server.call('cleanup', { id: 'auth' })).toMatchObject({ error: { code: 'USAGE' } })
    for (const name of ['trust', 'run', 'unlock', 'undo'])
      await expect(server.call(name)).rejects.toThrow(`there is no tool "${name}"`)
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth' }])
    await server.close()
  })

  test('wrong input, a place that is none, and a config nobody approved are refusals with a way on', async () => {
    const project = await makeProject()
    const elsewhere = join(project.parent, 'elsewhere')
    await mkdir(elsewhere)
    const server = await startMcpServer(project.path, project.env)
    for (const input of [
      { directory: 'sub' },
      { directory: '' },
      { directory: 7 },
      { unknown: 1 },
      { files: [''] },
      { session: 'a\0b' },
    ])
      expect(await server.call('radar', input)).toMatchObject({ isError: true, error: { code: 'USAGE' } })
    expect(await server.call('status', { directory: join(elsewhere, 'gone') })).toMatchObject({
      error: { code: 'NO_DIRECTORY', hint: expect.stringContaining('`directory`') },
    })
    expect(await server.call('status', { directory: elsewhere })).toMatchObject({ error: { code: 'NOT_A_REPOSITORY' } })
    await project.write(join(project.path, 'flightrules.config.json'), '{"postCreateHook":"touch ran"}')
    expect(await server.call('start', { name: 'x', mode: 'parallel', dirtyMain: 'proceed' })).toMatchObject({
      error: { code: 'CONFIG_NOT_TRUSTED', choices: [{ flag: '--no-setup' }] },
    })
    await server.close()
  })

  test('two starts at once through one server are two sessions, and what setup prints stays off standard output', async () => {
    const project = await makeProject({ config: { postCreateHook: 'echo from setup; echo "{}"' } })
    const input = `${hello}${callOf(1, 'start', { name: 'one', mode: 'parallel' })}${callOf(2, 'start', { name: 'two', mode: 'parallel' })}`
    const { status, stdout, stderr } = await runCli(['mcp'], { cwd: project.path, env: project.env, input })
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; jsonrpc: string })
    expect([status, answers.map(({ id }) => id).toSorted()]).toEqual([0, [0, 1, 2]])
    expect(stderr).toContain('from setup')
    expect((await project.status()).sessions.map(({ id }) => id).toSorted()).toEqual(['one', 'two'])
  })

  test('garbage between the frames changes nothing, and it ends with its input', async () => {
    const project = await makeProject()
    const input = `${hello}no frame\n{"jsonrpc":"2.0"}\n[]\n${callOf(1, 'status', {})}`
    const { status, stdout } = await runCli(['mcp'], { cwd: project.path, env: project.env, input })
    expect(status).toBe(0)
    for (const line of stdout.trimEnd().split('\n')) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0' })
    expect(stdout).toMatch(/"id":1\}/)
    expect(await runCli(['mcp'], { cwd: project.path, env: project.env })).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('a call that is cancelled is stopped, and the next one goes on', async () => {
    const project = await makeProject({ config: { postCreateHook: 'touch ../began; sleep 60' } })
    const server = await startMcpServer(project.path, project.env)
    const patience = new AbortController()
    const call = server.call('start', { name: 'slow', mode: 'parallel' }, patience.signal)
    const began = join(`${project.path}-sessions`, 'began')
    await vi.waitFor(() => expect(existsSync(began)).toBe(true), { timeout: 30_000 })
    patience.abort()
    await expect(call).rejects.toThrow()
    const states = async () => (await project.status()).sessions.map(({ setup }) => setup?.status)
    await vi.waitFor(async () => expect(await states()).not.toContain('running'), { timeout: 30_000 })
    expect(await states()).toEqual(['interrupted'])
    expect((await server.call('status')).ok).toBe(true)
    await server.close()
  })

  test('a clean-up takes what is in the base, and leaves the rest to a person', async () => {
    const project = await makeProject({ hooks: 'none' })
    for (const id of ['done', 'open']) {
      const { path } = await project.start(id)
      await project.commit(id, { [join(path, `${id}.txt`)]: 'x\n' }, path)
    }
    await project.git(['merge', '--quiet', 'session/done'])
    const server = await startMcpServer(project.path, project.env)
    expect(await server.call('cleanup')).toMatchObject({
      ok: true,
      data: { items: [{ id: 'done', kind: 'merged', done: true }] },
    })
    expect((await project.status()).sessions).toMatchObject([{ id: 'open' }])
    await server.close()
  })

  test('what a person let go of comes back', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await project.write(join(path, 'draft.txt'), 'draft\n')
    const server = await startMcpServer(project.path, project.env)
    await project.json(['end', 'auth', '--strategy', 'abandon'])
    const which = await server.call('restore')
    expect(which).toMatchObject({
      ok: false,
      error: { code: 'TRASH_NEEDED', choices: [{ label: expect.stringContaining('auth') }] },
    })
    expect(await server.call('restore', { session: 'auth', as: 'again' })).toMatchObject({
      ok: true,
      data: { session: { id: 'again' } },
    })
    expect(await project.read(join(project.session('again'), 'draft.txt'))).toBe('draft\n')
    await server.close()
  })

  test('the manifest and each log are resources', async () => {
    const project = await makeProject()
    const server = await startMcpServer(project.path, project.env)
    const read = async (uri: string): Promise<string> => {
      const [content] = (await server.client.readResource({ uri })).contents as { text: string }[]
      return content?.text ?? ''
    }
    expect(JSON.parse(await read('flightrules://manifest'))).toMatchObject({ main: project.path, sessions: [] })
    const { session } = await project.start('auth', '--goal', 'Sign in')
    expect(await read('flightrules://manifest')).toBe(await project.read(`${project.path}-sessions/.manifest.json`))
    const { resources } = await server.client.listResources()
    expect(resources.map(({ uri }) => uri)).toEqual(['flightrules://manifest', 'flightrules://sessions/auth/log'])
    expect(await read('flightrules://sessions/auth/log')).toBe(
      await project.read(join(project.session('auth'), session.sessionLog ?? '')),
    )
    const { resourceTemplates } = await server.client.listResourceTemplates()
    expect(resourceTemplates).toMatchObject([{ uriTemplate: 'flightrules://sessions/{id}/log' }])
    for (const uri of [
      'flightrules://sessions/nobody/log',
      'flightrules://sessions/--all/log',
      'flightrules://sessions/%zz/log',
      'file:///etc/passwd',
    ])
      await expect(read(uri)).rejects.toMatchObject({ code: -32002 })
    await server.close()
  })

  test('a session the server was started in ends, and it goes on where it is told to', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    const server = await startMcpServer(path, project.env)
    await project.commit('work', { 'a.txt': 'mine\n' }, path)
    expect(await server.call('end', { strategy: 'merge' })).toMatchObject({ ok: true, data: { worktreeRemoved: true } })
    expect(await server.call('status')).toMatchObject({
      error: { code: 'NO_DIRECTORY', hint: expect.stringContaining('`directory`') },
    })
    await expect(server.client.readResource({ uri: 'flightrules://manifest' })).rejects.toThrow('where this server was started')
    expect(await server.call('status', { directory: project.path })).toMatchObject({ ok: true, data: { sessions: [] } })
    await server.close()
  })

  test.skipIf(!existsSync('/proc/self'))('neither it nor what has started it keeps a session from being ended', async () => {
    const project = await makeProject({ hooks: 'none' })
    const { path } = await project.start('auth')
    await project.commit('work', { [join(path, 'a.txt')]: 'mine\n' }, path)
    const program = join(project.parent, 'bin', 'flightrules')
    await project.write(program, `#!/bin/sh\n'${process.execPath}' '${join(packedPackage(), 'dist', 'cli.cjs')}' "$@"\n`)
    await chmod(program, 0o755)
    const server = spawn(program, ['mcp'], { cwd: path, env: project.env, detached: true })
    const ended = once(server, 'exit')
    server.stdin.write(`${hello}${callOf(1, 'status', {})}`)
    await new Promise<void>((resolve) => {
      server.stdout.on('data', (bytes: Buffer) => bytes.toString().includes('"id":1') && resolve())
    })
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', live: [] }])
    expect(await project.json(['end', 'auth', '--strategy', 'merge'])).toMatchObject({ status: 0 })
    server.stdin.end()
    expect(await ended).toEqual([0, null])
  })

  test('an installation that goes is named', async () => {
    const project = await makeProject()
    const root = join(project.parent, 'installed')
    await cp(packedPackage(), root, { recursive: true })
    const server = await startMcpServer(project.path, project.env, { root })
    expect((await server.call('status')).ok).toBe(true)
    await rm(root, { recursive: true })
    expect(await server.call('status')).toMatchObject({ error: { code: 'PROGRAM_GONE', message: expect.stringContaining(root) } })
    await server.close()
  })

  test('-C says where it works', async () => {
    const project = await makeProject()
    const server = await startMcpServer(project.parent, project.env, { flags: ['-C', project.path] })
    expect(await server.call('status')).toMatchObject({ data: { main: { path: project.path } } })
    await server.close()
  })

  test.skipIf(process.platform === 'win32')('more than a command line takes is a refusal', async () => {
    const project = await makeProject()
    const server = await startMcpServer(project.path, project.env)
    const touch = Array.from({ length: 100 }, () => 'é'.repeat(20_000))
    expect(await server.call('start', { name: 'big', mode: 'parallel', touch })).toMatchObject({ error: { code: 'TOO_LONG' } })
    expect((await project.status()).sessions).toEqual([])
    await server.close()
  })

  test.skipIf(process.platform === 'win32')('Ctrl-C stops what is under way as it stops a command, once', async () => {
    const project = await makeProject({
      config: { postCreateHook: 'trap "" INT TERM; touch ../began; while :; do sleep 1; done' },
    })
    const server = spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'mcp'], {
      cwd: project.path,
      env: project.env,
      detached: true,
    })
    let stdout = ''
    server.stdout.setEncoding('utf8').on('data', (text: string) => void (stdout += text))
    const closed = new Promise<void>((resolve) => server.on('close', () => resolve()))
    server.stdin.write(`${hello}${callOf(1, 'start', { name: 'slow', mode: 'parallel' })}`)
    await vi.waitFor(() => expect(existsSync(join(`${project.path}-sessions`, 'began'))).toBe(true), { timeout: 30_000 })
    process.kill(-(server.pid ?? 0), 'SIGINT')
    await closed
    const answer = stdout.trimEnd().split('\n').at(-1) ?? ''
    expect(JSON.parse(answer)).toMatchObject({
      id: 1,
      result: { isError: true, structuredContent: { error: { code: 'INTERRUPTED' } } },
    })
  })

  test('--json says nothing there', async () => {
    const project = await makeProject()
    expect((await project.json(['mcp'])).json.error).toMatchObject({ code: 'USAGE', hint: 'flightrules mcp' })
  })
})
