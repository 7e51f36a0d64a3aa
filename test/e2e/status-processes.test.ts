import { chmod, readFile, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { runCli, runProgram } from '../support/run-cli.ts'

test('ten sessions without commits cost one worktree list, one for-each-ref and one status for each worktree', async () => {
  const project = await makeProject()
  for (let index = 0; index < 10; index += 1) await project.start(`s${index}`)
  await project.status()

  const { stdout: real } = await runProgram('sh', ['-c', 'command -v git'], { cwd: project.path, env: project.env })
  const bin = join(project.parent, 'bin')
  const calls = join(project.parent, 'calls')
  await project.write(join(bin, 'git'), `#!/bin/sh\necho "$*" >>${calls}\nexec ${real.trim()} "$@"\n`)
  await chmod(join(bin, 'git'), 0o755)
  await writeFile(calls, '')
  const env = { ...project.env, PATH: `${bin}${delimiter}${project.env['PATH']}` }
  const { status } = await runCli(['status'], { cwd: project.path, env })
  expect(status).toBe(0)
  const verbs = (await readFile(calls, 'utf8')).trim().split('\n').map((line) => /\b(worktree list|for-each-ref|status)\b/.exec(line)?.[0] ?? line)
  const counts = Object.fromEntries([...new Set(verbs)].map((verb) => [verb, verbs.filter((other) => other === verb).length]))
  expect(counts).toEqual({ 'worktree list': 1, 'for-each-ref': 1, status: 11 })
})
