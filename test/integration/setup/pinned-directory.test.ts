import { mkdirSync, mkdtempSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { withPinnedDirectory } from '../../../src/setup/pinned-directory.ts'

function makeFolders(): { root: string; outside: string } {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'fr pinned ')))
  onTestFinished(() => rmSync(top, { recursive: true, force: true }))
  mkdirSync(join(top, 'worktree/keys/deep'), { recursive: true })
  mkdirSync(join(top, 'outside/deep'), { recursive: true })
  return { root: join(top, 'worktree'), outside: join(top, 'outside') }
}

/** Somebody's script puts a symlink in the place of `keys`. */
function swap(root: string, outside: string): void {
  renameSync(join(root, 'keys'), join(root, 'away'))
  symlinkSync(outside, join(root, 'keys'))
}

test.each(['keys', 'keys/deep'])('a directory that becomes a symlink while %s is written to leads nowhere else', async (path) => {
  const { root, outside } = makeFolders()
  const written = withPinnedDirectory(root, path, async (directory) => {
    swap(root, outside)
    if (process.platform === 'linux') writeFileSync(join(directory, 'secret'), 'x')
  })
  if (process.platform === 'linux') await written
  else await expect(written).rejects.toThrow('symlink')
  expect(readdirSync(join(outside, path === 'keys' ? '.' : 'deep'))).not.toContain('secret')
  if (process.platform === 'linux') expect(readdirSync(join(root, path.replace('keys', 'away')))).toContain('secret')
})

test.each(['keys', 'keys/deep'])('a directory that is reached through a symlink is refused: %s', async (path) => {
  const { root, outside } = makeFolders()
  swap(root, outside)
  let isUsed = false
  await expect(
    withPinnedDirectory(root, path, async () => {
      isUsed = true
    }),
  ).rejects.toThrow()
  expect(isUsed).toBe(false)
})

test('the root itself may be reached through a symlink', async () => {
  const { root } = makeFolders()
  symlinkSync(root, `${root}-link`)
  await withPinnedDirectory(`${root}-link`, '.', async (directory) => writeFileSync(join(directory, 'a'), ''))
  expect(readdirSync(root)).toContain('a')
})
