import { chmod, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { requireKnownGit } from '../../../src/git/known-version.ts'
import { makeRepository } from '../../support/repository.ts'

/** A git that says this of itself and notes that it was asked. */
async function makeGit() {
  const { parent, path, env, write } = await makeRepository()
  const file = join(parent, 'bin/git')
  const log = join(parent, 'asked')
  const says = async (version: string): Promise<void> => {
    await write(file, `#!/bin/sh\necho asked >>'${log}'\necho 'git version ${version}'\n`)
    await chmod(file, 0o755)
  }
  const commonDir = join(path, '.git')
  const ask = (folders = join(parent, 'bin')): Promise<void> =>
    requireKnownGit(new Git(path, { ...env, PATH: `${folders}:${env['PATH'] ?? ''}` }), commonDir)
  const asked = async (): Promise<number> => (await readFile(log, 'utf8').catch(() => '')).split('\n').length - 1
  return { file, says, ask, asked, cache: join(commonDir, 'flightrules/cache/git-version.json') }
}

describe.skipIf(process.platform === 'win32').concurrent('the version of git', () => {
  it('is asked once, and again when git is another file', async () => {
    const git = await makeGit()
    await git.says('2.39.5')
    await git.ask()
    await git.ask()
    expect(await git.asked()).toBe(1)
    await utimes(git.file, 1, 1)
    await git.ask()
    expect(await git.asked()).toBe(2)
  })

  it('that is too old is refused each time, and one that was replaced by an older one too', async () => {
    const git = await makeGit()
    await git.says('2.40.10')
    await git.ask()
    await git.says('2.37.1')
    for (let round = 0; round < 2; round += 1) await expect(git.ask()).rejects.toMatchObject({ code: 'GIT_TOO_OLD' })
    expect(await git.asked()).toBe(3)
  })

  it('is asked where what is remembered cannot be read, or PATH does not tell which git it is', async () => {
    const git = await makeGit()
    await git.says('2.39.5')
    await git.ask()
    for (const torn of ['', '[1]', '{"a":1}']) {
      await writeFile(git.cache, torn)
      await git.ask()
    }
    expect(await git.asked()).toBe(4)
    await git.ask(`.:${join(git.file, '..')}`)
    expect(await git.asked()).toBe(5)
  })
})
