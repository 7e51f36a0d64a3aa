import { existsSync } from 'node:fs'
import { cp, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runProgram } from '../support/run-cli.ts'
import { startWithWork } from '../support/session-work.ts'

test.concurrent('a session is ended by the program installed in its own worktree, from within it', async () => {
  const project = await makeProject()
  const path = await startWithWork(project, 'auth')
  const modules = join(path, 'node_modules')
  await cp(dirname(packedPackage()), modules, { recursive: true, verbatimSymlinks: true })
  const end = [join(modules, 'flightrules/dist/cli.cjs'), 'end', '--strategy', 'merge']

  const { status, stdout, stderr } = await runProgram(process.execPath, end, { cwd: path, env: project.env })

  expect({ status, stderr }).toMatchObject({ status: 0 })
  expect(stdout).toMatch(/^Merged session auth into main/)
  expect(stdout).toContain('This directory is gone; go back:')
  expect(existsSync(path)).toBe(false)
})

test.concurrent('what tools make again is not kept in the trash', async () => {
  const project = await makeProject({
    files: { '.gitignore': 'node_modules/\n__pycache__/\nnotes/\n', 'packages/a/index.js': 'a', 'src/a.py': 'a' },
  })
  for (const id of ['tools', 'notes']) await startWithWork(project, id)
  await project.write(join(project.session('tools'), 'packages/a/node_modules/b/index.js'), 'b')
  await project.write(join(project.session('tools'), '.venv/.gitignore'), '*')
  await project.write(join(project.session('tools'), '.venv/bin/python'), 'python')
  await project.write(join(project.session('tools'), 'src/__pycache__/a.pyc'), 'a')
  await project.write(join(project.session('notes'), 'notes/idea.txt'), 'idea')

  for (const id of ['tools', 'notes']) expect((await project.json(['end', id, '--strategy', 'merge'])).status).toBe(0)

  const trash = join(`${project.path}-sessions`, '.trash')
  const [kept = '', ...others] = await readdir(trash)
  expect(others).toEqual([])
  expect(kept).toMatch(/^notes-/)
  expect(existsSync(join(trash, kept, 'notes/idea.txt'))).toBe(true)
})
