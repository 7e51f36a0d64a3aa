import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runCli, runProgram } from '../support/run-cli.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

/** What Claude Code writes for a status line, as documented, with other directories in it. */
function claudeInput(cwd: string, started: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    cwd,
    session_id: 'abc123',
    transcript_path: '/home/user/.claude/transcript.jsonl',
    model: { id: 'claude-opus', display_name: 'Opus' },
    workspace: { current_dir: cwd, project_dir: started, added_dirs: [], git_worktree: 'login' },
    version: '2.1.90',
    output_style: { name: 'default' },
    cost: { total_cost_usd: 0.01, total_duration_ms: 45000, total_lines_added: 156, total_lines_removed: 23 },
    context_window: { used_percentage: 8, context_window_size: 200000 },
    exceeds_200k_tokens: false,
    worktree: { name: 'login', path: cwd, branch: 'session/login', original_cwd: started, original_branch: 'main' },
    ...more,
  })
}

async function line(project: TestProject, cwd: string, input = '', env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { status, stdout, stderr } = await runCli(['statusline'], { cwd, env: { ...project.env, ...env }, input })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^(?:[^\n]+\n)?$/)
  return stdout.trimEnd()
}

test.concurrent('says where one is: in a session, beside them, and nothing where there is nothing to say', async ({ expect }) => {
  const project = await makeProject({ config: { ports: { PORT: { from: 41_000, to: 41_999 } } } })
  expect(await line(project, project.path)).toBe('')
  const { session } = await project.start('login')
  for (const id of ['billing', 'cart', 'docs']) await project.start(id)
  expect(await line(project, project.path)).toBe('4 sessions: billing, cart, docs, …')
  const login = project.session('login')
  const port = `PORT=${session.ports['PORT']}`
  expect(await line(project, login)).toBe(`login · ${port}`)
  await project.commit('work', { 'a.txt': 'a\n' }, login)
  await project.write(join(login, 'b.txt'), 'b\n')
  await project.commit('the base moves', { 'c.txt': 'c\n' })
  expect(await line(project, join(login))).toBe(`login · 1 changed · 1 ahead, 1 behind main · ${port}`)
  expect(await line(project, login, '', { FORCE_COLOR: '1' })).toContain('\u001b[33m1 changed\u001b[39m')
  await rm(project.session('docs'), { recursive: true })
  expect(await line(project, project.path)).toBe('3 sessions: billing, cart, login · orphaned: docs')
  expect(await line(project, await makeTemporaryDirectory('none'))).toBe('')
})

test.concurrent('follows the agent into the directory it is in, not the one it began in', async ({ expect }) => {
  const project = await makeProject()
  await project.start('login')
  const login = project.session('login')
  expect(await line(project, project.path, claudeInput(login, project.path))).toBe('login')
  expect(await line(project, login, claudeInput(project.path, login))).toBe('1 session: login')
  await mkdir(join(login, 'src/deep'), { recursive: true })
  expect(await line(project, '/', claudeInput(join(login, 'src/deep'), project.path))).toBe('login')
})

test.concurrent('follows it also from where there is no repository, or no folder any more', async ({ expect }) => {
  const project = await makeProject()
  await project.start('login')
  const login = project.session('login')
  const gone = await makeTemporaryDirectory('gone')
  expect(await line(project, gone, claudeInput(login, project.path))).toBe('login')
  const script = `cd '${gone}' && rmdir '${gone}' && printf '%s' "$1" | "$2" "$3" statusline`
  const cli = join(packedPackage(), 'dist', 'cli.cjs')
  const run = await runProgram('sh', ['-c', script, 'sh', claudeInput(login, project.path), process.execPath, cli], {
    cwd: project.parent,
    env: project.env,
  })
  expect(run).toEqual({ status: 0, stdout: 'login\n', stderr: '' })
})

test.concurrent('takes what it cannot read for nothing, and its own directory then', async ({ expect }) => {
  const project = await makeProject()
  await project.start('login')
  const login = project.session('login')
  const inputs = [
    'hello',
    '[1]',
    'null',
    '{"cwd":7,"workspace":"x"}',
    '{"workspace":{"current_dir":["/"]}}',
    '{"cwd":"C:\\\\Users\\\\me\\\\shop"}',
    '{"cwd":"relative"}',
    JSON.stringify({ cwd: `${login}\0x` }),
    claudeInput(login, login).slice(0, 60),
    JSON.stringify({ more: 'x'.repeat(300_000), cwd: login }),
  ]
  const lines = await Promise.all(inputs.map((input) => line(project, login, input)))
  expect(lines).toEqual(inputs.map(() => 'login'))
  expect(await line(project, login, '{"cwd":"/no/such/place"}')).toBe('')
})

test.concurrent('shows what a session is in the middle of, in one line whatever it is called', async ({ expect }) => {
  const project = await makeProject({ files: { 'a.txt': 'a\n' } })
  await project.start('login')
  const login = project.session('login')
  await project.commit('ours', { 'a.txt': 'ours\n' }, login)
  await project.commit('theirs', { 'a.txt': 'theirs\n' })
  await project.git(['rebase', 'main'], login).catch(() => {})
  expect(await line(project, login)).toBe('login · rebasing · 1 changed')
  await project.git(['rebase', '--abort'], login)
  await project.git(['checkout', '-q', '--detach'], login)
  expect(await line(project, login)).toMatch(/^login · detached · /)
  await project.git(['checkout', '-q', '-b', `feature/${'long'.repeat(40)}`], login)
  expect((await line(project, login, '', { COLUMNS: '30' })).length).toBe(30)
  await project.git(['worktree', 'add', '-q', '-b', 'by-hand', join(project.parent, 'by-hand')])
  await rm(join(project.path, '.git/worktrees/by-hand/flightrules.json'), { force: true })
  expect(await line(project, join(project.parent, 'by-hand'))).toBe('no session here · 1 session: login')
})

test.concurrent('a session that was put away is nobody’s place any more', async ({ expect }) => {
  const project = await makeProject()
  await project.start('login')
  await project.start('cart')
  await project.write(join(project.session('cart'), 'new.txt'), 'new\n')
  const { json } = await project.json(['end', 'cart', '--strategy', 'abandon'])
  const { trash } = json.data as unknown as { trash: string }
  expect(await line(project, join(project.session('.trash'), trash))).toBe('no session here · 1 session: login')
})

test.concurrent('a base that is gone is not told for zero', async ({ expect }) => {
  const project = await makeProject()
  await project.git(['branch', 'release'])
  await project.start('login', '--base', 'release')
  await project.git(['branch', '-D', 'release'])
  expect(await line(project, project.session('login'))).toBe('login · release: ?')
})

test.concurrent('--json has it in parts, and waits for nobody’s pipe', async ({ expect }) => {
  const project = await makeProject()
  await project.start('login', '--goal', 'Fix the form')
  await project.start('cart')
  const { json } = await project.json(['statusline'], project.session('login'))
  expect(json.data).toEqual({
    line: 'login',
    place: 'session',
    worktree: project.session('login'),
    session: {
      id: 'login',
      status: 'active',
      base: 'main',
      goals: ['Fix the form'],
      ports: {},
      operation: null,
      setup: expect.any(String),
      branch: 'session/login',
      changed: 0,
      ahead: 0,
      behind: 0,
    },
    others: ['cart'],
    orphaned: [],
  })
  const outside = await project.json(['statusline'], await makeTemporaryDirectory('none'))
  expect(outside).toMatchObject({ status: 0, json: { ok: true, data: { line: '', place: 'none', session: null } } })
})
