import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject, withCommands } from '../support/flightrules-project.ts'
import { runCli, runProgram } from '../support/run-cli.ts'

/** Puts a `git` first on PATH that runs some lines of shell before the real one. */
async function wrapGit(project: TestProject, lines: string): Promise<Record<string, string>> {
  const { stdout: real } = await runProgram('sh', ['-c', 'command -v git'], { cwd: project.path, env: project.env })
  const bin = join(project.parent, 'bin')
  await project.write(join(bin, 'git'), `#!/bin/sh\n${lines}\nexec ${real.trim()} "$@"\n`)
  await chmod(join(bin, 'git'), 0o755)
  return { ...project.env, PATH: `${bin}${delimiter}${project.env['PATH']}` }
}

test('ten sessions without commits cost one worktree list, one for-each-ref and one status for each worktree', async () => {
  const project = await makeProject()
  for (let index = 0; index < 10; index += 1) await project.start(`s${index}`)
  const calls = join(project.parent, 'calls')
  const env = await wrapGit(project, `echo "$*" >>${calls}`)
  await runCli(['status'], { cwd: project.path, env })
  await writeFile(calls, '')
  const { status } = await runCli(['status'], { cwd: project.path, env })
  expect(status).toBe(0)
  const verbs = (await readFile(calls, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => /\b(worktree list|for-each-ref|status)\b/.exec(line)?.[0] ?? line)
  const counts = Object.fromEntries([...new Set(verbs)].map((verb) => [verb, verbs.filter((other) => other === verb).length]))
  expect(counts).toEqual({ 'worktree list': 1, 'for-each-ref': 1, status: 11 })
})

test('a session is in use while somebody is in it, and not because status looks at it', async () => {
  const project = await makeProject()
  const { path } = await project.start('a')
  const env = await wrapGit(project, 'case "$*" in *status*) sleep 0.3 ;; esac')
  const read = async () => (await withCommands({ ...project, env }).status()).sessions[0]
  expect((await read())?.states).toEqual(['active'])
  // it ends with its standard input; by its first word it is there
  const somebody = spawn('sh', ['-c', 'echo here; cat'], { cwd: path, stdio: ['pipe', 'pipe', 'ignore'] })
  await once(somebody.stdout, 'data')
  const entry = await read()
  somebody.stdin.end()
  expect(entry?.states).toEqual(process.platform === 'linux' ? ['active', 'in use'] : ['active'])
})
