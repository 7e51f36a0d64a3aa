import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { ResolvedHook } from '../../../src/config/types.ts'
import { type HookRun, runHookCommands } from '../../../src/setup/run-hook-commands.ts'

function prepare(hook: ResolvedHook, more: Partial<HookRun> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'fr hook '))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  const logFile = join(cwd, 'logs/setup.log')
  const env = { PATH: process.env.PATH, ...more.env }
  const run = (): ReturnType<typeof runHookCommands> => runHookCommands({ hook, cwd, logFile, ...more, env })
  return { cwd, run, log: () => readFileSync(logFile, 'utf8'), logFile }
}

test('runs the lines in order by the shell, streams and logs what they say, and stops at the first failure', async () => {
  let output = ''
  const { run, log, logFile, cwd } = prepare(['echo "$NAME" | tr a-z A-Z', 'echo bad >&2; exit 7', 'touch never'], {
    env: { NAME: '$(touch pasted); x' },
    onOutput: (chunk) => (output += chunk),
  })
  const result = await run()
  expect(result).toMatchObject({
    status: 'failed',
    commands: [{ exitStatus: 0 }, { command: 'echo bad >&2; exit 7', exitStatus: 7 }],
  })
  expect(output).toBe('$(TOUCH PASTED); X\nbad\n')
  expect(log()).toMatch(
    /^# \S+ echo "\$NAME" .*\n\$\(TOUCH PASTED\); X\n# exit status 0 after \S+ s\n# \S+ echo bad.*\nbad\n# exit status 7/,
  )
  expect(lstatSync(logFile).mode & 0o777).toBe(0o600)
  expect([existsSync(join(cwd, 'never')), existsSync(join(cwd, 'pasted'))]).toEqual([false, false])
})

test('commands get no repository of somebody else, no input, and a git that finds its own', async () => {
  const { run, log } = prepare(['cat; echo "[$GIT_DIR$GIT_INDEX_FILE]"'], { env: { GIT_DIR: '/elsewhere', GIT_INDEX_FILE: 'x' } })
  expect((await run()).status).toBe('ok')
  expect(log()).toContain('\n[]\n')
})

test('secrets do not reach the log, also when they come in pieces', async () => {
  const { run, log } = prepare(['printf hunter2-; sleep 0.05; printf "secret\\n"; echo short'], {
    redact: ['hunter2-secret', 'short'],
  })
  await run()
  expect(log()).toContain('\n[redacted]\nshort\n')
})

test('a function of the config is run by the program given for it', async () => {
  const { run } = prepare({ function: true }, { functionCommand: { file: process.execPath, args: ['-e', 'process.exit(3)'] } })
  expect(await run()).toMatchObject({ status: 'failed', commands: [{ command: '(a function of the config)', exitStatus: 3 }] })
})

test('no commands: no log', async () => {
  const { run, logFile } = prepare([])
  expect(await run()).toEqual({ status: 'ok', commands: [] })
  expect(existsSync(logFile)).toBe(false)
})

test('what cannot be started is a failed command', async () => {
  const { run, log } = prepare({ function: true }, { functionCommand: { file: '/nowhere/program', args: [] } })
  expect(await run()).toMatchObject({ status: 'failed', commands: [{ exitStatus: 127 }] })
  expect(log()).toContain('could not be started')
})

test('an abort stops the command and what it started, also what does not listen', { timeout: 15_000 }, async () => {
  const controller = new AbortController()
  let output = ''
  const { run } = prepare(
    ['sh -c \'trap "" TERM; echo "$$"; while :; do sleep 0.1; done\' & wait; echo survived', 'echo second'],
    {
      signal: controller.signal,
      grace: 200,
      onOutput: (chunk) => {
        output += chunk
        controller.abort()
      },
    },
  )
  await expect(run()).rejects.toMatchObject({ kind: 'interrupted', code: 'INTERRUPTED' })
  const pid = Number(output)
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => isRunning(pid)).toBe(false)
})

test('the time given is for all commands together', async () => {
  const { run } = prepare(['echo a', 'sleep 60', 'echo never'], { timeout: 300, grace: 2000 })
  expect(await run()).toMatchObject({ status: 'failed', commands: [{ exitStatus: 0 }, { exitStatus: 124 }] })
})

test('a program left in the background does not hold us up', async () => {
  const { run, log } = prepare(['echo started; sleep 5 & echo "pid $!"'])
  const began = performance.now()
  const { status } = await run()
  const pid = Number(/^pid (\d+)$/m.exec(log())?.[1])
  process.kill(pid)
  expect(status).toBe('ok')
  expect(performance.now() - began).toBeLessThan(4500)
})

/** A process nobody has waited for yet still has its number, but runs no more. */
function isRunning(pid: number): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  return state !== '' && !state.startsWith('Z')
}
