import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expireTrash } from '../../../src/operations/trash/expire.ts'
import { loadTrash, type TrashItem } from '../../../src/operations/trash/item.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const now = new Date('2026-03-15T12:00:00Z')

async function putAway(name: string, at: string, files: Readonly<Record<string, string>> = { 'a.txt': 'a' }) {
  const root = await makeTemporaryDirectory('trash')
  const commonDir = join(root, 'repo', '.git')
  const path = join(root, 'sessions', '.trash', name)
  const gitDir = join(commonDir, 'worktrees', name)
  const item: TrashItem = {
    version: 1,
    trash: name,
    id: name,
    at,
    reason: 'test',
    branch: null,
    head: null,
    ref: 'refs/x',
    path,
    from: '/gone',
    gitDir,
  }
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true })
    await writeFile(join(path, file), content)
  }
  await mkdir(gitDir, { recursive: true })
  await writeFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`)
  await mkdir(join(commonDir, 'flightrules', 'trash'), { recursive: true })
  await writeFile(join(commonDir, 'flightrules', 'trash', `${name}.json`), JSON.stringify(item))
  return { commonDir, path, gitDir }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

test('what has been there long enough goes, with its administrative directory and its entry', async () => {
  const { commonDir, path, gitDir } = await putAway('old', '2026-03-01T12:00:00Z')
  expect(await expireTrash(commonDir, 14, now)).toEqual(['old'])
  expect([await isThere(path), await isThere(gitDir), await loadTrash(commonDir)]).toEqual([false, false, []])
})

test('what has not, stays', async () => {
  const { commonDir, path } = await putAway('young', '2026-03-01T12:00:01Z')
  expect(await expireTrash(commonDir, 14, now)).toEqual([])
  expect(await isThere(path)).toBe(true)
})

test('a repository inside stays: no snapshot holds it', async () => {
  const { commonDir, path } = await putAway('nested', '2020-01-01T00:00:00Z', { 'inner/.git/HEAD': 'ref: refs/heads/main' })
  expect(await expireTrash(commonDir, 14, now)).toEqual([])
  expect(await isThere(path)).toBe(true)
})

test.each([
  ['no date', { at: 'yesterday' }],
  ['another name', { trash: 'other' }],
  ['half of it', { path: undefined }],
])('an entry with %s is left alone', async (_what, change) => {
  const { commonDir, path } = await putAway('odd', '2020-01-01T00:00:00Z')
  const file = join(commonDir, 'flightrules', 'trash', 'odd.json')
  await writeFile(
    file,
    JSON.stringify({
      version: 1,
      trash: 'odd',
      id: 'odd',
      at: '2020-01-01T00:00:00Z',
      reason: 'r',
      branch: null,
      head: null,
      ref: 'r',
      path,
      from: '/',
      gitDir: join(commonDir, 'worktrees', 'odd'),
      ...change,
    }),
  )
  expect(await expireTrash(commonDir, 14, now)).toEqual([])
  expect(await isThere(path)).toBe(true)
})
