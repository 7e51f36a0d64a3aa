import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { planClaudeSettings } from '../../../src/agents/settings/claude-settings.ts'
import { findOnPath } from '../../support/find-on-path.ts'
import { installInto, packedPackage } from '../../support/packed-package.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeEngine, type Engine } from '../sessions/engine.ts'
import { commonFields } from '../../support/claude-input.ts'

const { hooks } = JSON.parse(planClaudeSettings(undefined)) as { hooks: Record<string, { hooks: { command: string }[] }[]> }

/** Runs what the agent's settings hold for an event, as the agent does: with a shell, where it is, its JSON on standard input. */
function runCommand(engine: Engine, event: string, cwd: string, env: Record<string, string> = {}) {
  const input = JSON.stringify({
    ...commonFields(cwd, event),
    tool_name: 'Bash',
    tool_input: { command: 'git push --no-verify' },
    name: 'x',
  })
  const command = hooks[event]?.[0]?.hooks[0]?.command ?? ''
  return runProgram('sh', ['-c', command], { cwd, env: { ...engine.env, ...env }, input })
}

/** Only git, a shell and what they need, and node if wanted. */
async function makePath(engine: Engine, programs: readonly string[]): Promise<Record<string, string>> {
  const bin = join(engine.parent, `bin-${programs.join('-')}`)
  await mkdir(bin)
  for (const program of ['sh', ...programs]) {
    await writeFile(join(bin, program), `#!/bin/sh\nexec '${await findOnPath(program)}' "$@"\n`)
    await chmod(join(bin, program), 0o755)
  }
  return { PATH: bin }
}

test.skipIf(process.platform === 'win32')('the program of the main worktree is found from every worktree', async () => {
  const engine = await makeEngine({ files: { '.gitignore': 'node_modules\n', 'README.md': 'x\n' } })
  await installInto(engine.path)
  const { path } = await engine.start('login')
  await mkdir(join(path, 'deep'))
  const env = await makePath(engine, ['git', 'node'])
  for (const cwd of [engine.path, path, join(path, 'deep')]) {
    const { status, stdout, stderr } = await runCommand(engine, 'PreToolUse', cwd, env)
    expect([status, stderr, stdout]).toEqual([0, '', expect.stringContaining('"permissionDecision":"deny"')])
  }
  expect((await runCommand(engine, 'SessionStart', path, env)).stdout).toContain('session \\"login\\"')
  expect((await runCommand(engine, 'WorktreeCreate', engine.path, env)).stdout).toBe(`${join(engine.sessionsDir, 'x')}\n`)
  for (const event of ['Stop', 'SubagentStop', 'SessionEnd'])
    expect(await runCommand(engine, event, path, env)).toEqual({ status: 0, stdout: '', stderr: '' })
})

test.skipIf(process.platform === 'win32')('else the one on PATH, else the one that was noted', async () => {
  const engine = await makeEngine()
  const { path } = await engine.start('login')
  const program = join(packedPackage(), 'dist', 'cli.cjs')
  const env = await makePath(engine, ['git', 'node'])
  await writeFile(join(env['PATH'] ?? '', 'flightrules'), `#!/bin/sh\nexec node '${program}' "$@"\n`)
  await chmod(join(env['PATH'] ?? '', 'flightrules'), 0o755)
  expect((await runCommand(engine, 'PreToolUse', path, env)).stdout).toContain('"deny"')
  await mkdir(join(engine.commonDir, 'flightrules'), { recursive: true })
  await writeFile(join(engine.commonDir, 'flightrules', 'bin'), `${process.execPath}\n${program}\n`)
  expect((await runCommand(engine, 'PreToolUse', path, await makePath(engine, ['git']))).stdout).toContain('"deny"')
})

test.skipIf(process.platform === 'win32')(
  'where there is none the agent goes on, and only who asked for a worktree is told; nothing a branch brings is run',
  async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('login')
    const bin = join(path, 'node_modules', '.bin')
    await mkdir(bin, { recursive: true })
    await writeFile(join(bin, 'flightrules'), `#!/bin/sh\ntouch '${join(engine.parent, 'was-run')}'\n`)
    await chmod(join(bin, 'flightrules'), 0o755)
    const env = await makePath(engine, ['git', 'node'])
    for (const event of Object.keys(hooks).filter((name) => name !== 'WorktreeCreate'))
      expect([event, await runCommand(engine, event, path, env)]).toEqual([event, { status: 0, stdout: '', stderr: '' }])
    expect(await runCommand(engine, 'WorktreeCreate', path, env)).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('npm install brings it'),
    })
    await expect(engine.read(join(engine.parent, 'was-run'))).rejects.toThrow('ENOENT')
    expect(await runCommand(engine, 'Stop', engine.parent, env)).toEqual({ status: 0, stdout: '', stderr: '' })
  },
)
