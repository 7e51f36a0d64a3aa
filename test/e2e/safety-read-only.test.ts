import { spawnSync } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runProgram } from '../support/run-cli.ts'

const unshare = ['--user', '--map-root-user', '--mount']
const readOnly = [...unshare, 'sh', '-c', 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && shift && exec "$@"', 'sh']
const canMount = spawnSync('unshare', [...unshare, 'mount', '--bind', '/tmp', '/tmp']).status === 0

test.skipIf(!canMount).each([
  ['sessions directory', (parent: string) => join(parent, 'project-sessions'), 2, 'the file system is read-only'],
  ['git directory', (parent: string) => join(parent, 'project', '.git'), 1, 'its file system is read-only'],
])('a start where the %s cannot be written to is refused, and nothing was done', async (_, place, expected, words) => {
  const project = await makeProject()
  await mkdir(join(project.parent, 'project-sessions'), { recursive: true })
  const before = await project.git(['for-each-ref'])
  const args = [...readOnly, place(project.parent), process.execPath, join(packedPackage(), 'dist', 'cli.cjs'), 'start', 'a']
  const { status, stderr } = await runProgram('unshare', args, { cwd: project.path, env: project.env })
  expect(stderr).toContain(words)
  expect(status).toBe(expected)
  expect(await project.git(['for-each-ref'])).toBe(before)
  expect(await readdir(join(project.path, '.git/worktrees')).catch(() => [])).toEqual([])
  expect((await readdir(join(project.parent, 'project-sessions'))).filter((name) => name === 'a')).toEqual([])
  await project.start('a')
})
