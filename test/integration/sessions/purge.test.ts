import { execFile, execFileSync, spawn } from 'node:child_process'
import { appendFile, chmod, mkdir, open, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { armFailpoints } from '../../../src/files/failpoint.ts'
import { purgeUnasked } from '../../../src/sessions/purge/purge-trash.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { situations } from '../../support/situations/all.ts'
import { makeNested } from '../../support/situations/situation.ts'
import { abandon, isThere, lastEntry, later, makeTopic, purgeLast, restoreLast } from './trash-steps.ts'

const day = 24 * 60 * 60 * 1000

/** Everything but where the modes of links and the worktree's own name say nothing. */
const some = situations.filter(({ name }) =>
  [
    'modes: executable, read-only, for the owner alone, a closed folder',
    'a file that became a folder, a folder that became a file, a file that became a link',
    'names that are not UTF-8, tracked, untracked and ignored',
    'intent to add',
    'a merge with conflicts',
    'an interactive rebase stopped to edit, with a commit on top and a change in work',
    'a bisect',
    'a detached HEAD with commits no branch has',
    'a branch without a commit',
    'refs of the worktree alone: a commit, a tag, a tree, a blob',
    'a required filter that is not installed, as of large file storage',
  ].includes(name),
)

describe.concurrent('a session whose folder was deleted comes back from its snapshot the same', () => {
  it.each(some)('$name', async ({ make }) => {
    const { engine, site, path } = await makeTopic()
    await make(site)
    const before = await fingerprint({ worktree: path, gitDir: site.gitDir, env: engine.env })
    await abandon(engine)
    expect(await purgeLast(engine)).toMatchObject({ outcome: 'purged', error: null })
    expect(await isThere((await lastEntry(engine)).item.path)).toBe(false)
    await engine.git(['reflog', 'expire', '--expire=now', '--all'])
    await engine.git(['gc', '--quiet', '--prune=now'])

    expect((await restoreLast(engine)).findings).toEqual([])

    const gitDir = await engine.git(['rev-parse', '--absolute-git-dir'], path)
    expect(await fingerprint({ worktree: path, gitDir, env: engine.env })).toEqual(before)
  })
})

describe.concurrent('a folder in the trash', () => {
  it('with a repository or a fifo inside is not deleted unless somebody says that it may go', async () => {
    const { engine, site } = await makeTopic()
    await makeNested(site, 'vendor/nested')
    await promisify(execFile)('mkfifo', [site.at('pipe')])
    await site.write('draft.txt', 'draft\n')
    const { item } = await abandon(engine)
    const { outcome, error } = await purgeLast(engine)
    expect({ outcome, code: error?.code, kind: error?.kind }).toEqual({
      outcome: 'refused',
      code: 'UNCAPTURED',
      kind: 'decision',
    })
    expect(error?.details['uncaptured']).toEqual([
      { path: 'pipe', why: 'special-file' },
      { path: 'vendor/nested/', why: 'repository' },
    ])
    expect(await readFile(join(item.path, 'vendor/nested/inner.txt'), 'utf8')).toBe('inner\n')
    expect(await purgeLast(engine, 'discard')).toMatchObject({ outcome: 'purged' })
    const { path, findings } = await restoreLast(engine)
    expect(findings.map(({ code }) => code)).toEqual(['NOT_IN_SNAPSHOT'])
    expect(await readFile(join(path, 'draft.txt'), 'utf8')).toBe('draft\n')
  })

  it('into which a process goes on writing has what it wrote, also after a restore', async () => {
    const { engine, path } = await makeTopic()
    const handle = await open(join(path, 'growing.log'), 'a')
    await handle.appendFile('before\n')
    const { item } = await abandon(engine)
    await handle.appendFile('after\n')
    await appendFile(join(item.path, 'late.txt'), 'late\n')
    await restoreLast(engine)
    await handle.appendFile('at last\n')
    await handle.close()
    expect(await readFile(join(path, 'growing.log'), 'utf8')).toBe('before\nafter\nat last\n')
    expect(await readFile(join(path, 'late.txt'), 'utf8')).toBe('late\n')
  })

  it('with a process in it is not deleted', async () => {
    const { engine } = await makeTopic()
    const { item } = await abandon(engine)
    const sleeper = spawn('sleep', ['60'], { cwd: item.path, detached: true, stdio: 'ignore' })
    try {
      const { outcome, error } = await purgeLast(engine)
      expect([outcome, error?.code]).toEqual(['refused', 'TRASH_IN_USE'])
      expect(await isThere(item.path)).toBe(true)
    } finally {
      sleeper.kill()
    }
  })

  it('in which somebody commits keeps the commit: the branch comes back with it', async () => {
    const { engine } = await makeTopic()
    const { item } = await abandon(engine)
    const late = await engine.commit('late', { [join(item.path, 'late.txt')]: 'late\n' }, item.path)
    await purgeLast(engine)
    await engine.git(['gc', '--quiet', '--prune=now'])
    const { path } = await restoreLast(engine)
    expect(await engine.git(['rev-parse', 'HEAD'], path)).toBe(late)
  })

  it('loses to a purge only the link to shared dependencies, never what it leads to', async () => {
    const { engine, site } = await makeTopic()
    const shared = join(engine.parent, 'shared_modules')
    await mkdir(shared)
    await writeFile(join(shared, 'index.js'), 'shared\n')
    await symlink(shared, site.at('node_modules'))
    await mkdir(site.at('packages/a/node_modules/own'), { recursive: true })
    await writeFile(site.at('packages/a/node_modules/own/index.js'), 'own\n')
    await symlink(shared, site.at('packages/a/node_modules/linked'))
    await abandon(engine)
    expect(await purgeLast(engine)).toMatchObject({ outcome: 'purged' })
    expect(await readFile(join(shared, 'index.js'), 'utf8')).toBe('shared\n')
  })

  it('with something mounted in it stays, and so does what is mounted', async ({ skip }) => {
    const { engine, site } = await makeTopic()
    const cache = join(engine.parent, 'cache')
    await mkdir(cache)
    await writeFile(join(cache, 'precious'), 'x\n')
    await mkdir(site.at('node_modules'))
    try {
      execFileSync('mount', ['--bind', cache, site.at('node_modules')], { stdio: 'ignore' })
    } catch {
      skip('mounting is not allowed here')
    }
    const { item } = await abandon(engine)
    try {
      const { outcome, error } = await purgeLast(engine, 'discard')
      expect([outcome, error?.code]).toEqual(['refused', 'NOT_REMOVABLE'])
      await purgeUnasked(await later(engine, 40 * day))
      expect(await readFile(join(cache, 'precious'), 'utf8')).toBe('x\n')
    } finally {
      execFileSync('umount', [join(item.path, 'node_modules')], { stdio: 'ignore' })
    }
  })

  it('goes although there are folders in it nobody may write in', async () => {
    const { engine, site } = await makeTopic()
    await site.write('closed/deep/file', 'x\n')
    await chmod(site.at('closed/deep'), 0o500)
    await chmod(site.at('closed'), 0o500)
    const { item } = await abandon(engine)
    expect(await purgeLast(engine)).toMatchObject({ outcome: 'purged' })
    expect(await isThere(item.path)).toBe(false)
  })
})

describe.concurrent('without being asked', () => {
  it('a folder goes only when it was found old for a day, and one that is to be kept never', async () => {
    const { engine, site } = await makeTopic()
    await site.write('draft.txt', 'draft\n')
    const { item } = await abandon(engine)
    expect(await purgeUnasked(await later(engine, 13 * day))).toEqual([])
    expect(await purgeUnasked(await later(engine, 15 * day))).toEqual([])
    // the clock had jumped ahead, and is right again
    expect(await purgeUnasked(await later(engine, 2 * day))).toEqual([])
    expect(await purgeUnasked(await later(engine, 16.5 * day))).toEqual([])
    expect(await isThere(item.path)).toBe(true)
    expect(await purgeUnasked(await later(engine, 17.6 * day))).toMatchObject([{ outcome: 'purged' }])
    expect(await isThere(item.path)).toBe(false)
  })

  it('dependencies go from it after an hour, and a restore says so', async () => {
    const { engine, site } = await makeTopic()
    await site.write('node_modules/a/index.js', 'a\n')
    await site.write('ignored.txt', 'mine\n')
    const { item } = await abandon(engine)
    await purgeUnasked(await later(engine, 1000))
    expect(await isThere(join(item.path, 'node_modules'))).toBe(true)
    await purgeUnasked(await later(engine, day / 12))
    expect(await isThere(join(item.path, 'node_modules'))).toBe(false)
    const { path, findings } = await restoreLast(engine)
    expect(findings).toMatchObject([{ code: 'SETUP_NEEDED', details: { left: ['node_modules'] } }])
    expect(await readFile(join(path, 'ignored.txt'), 'utf8')).toBe('mine\n')
  })

  it('dependencies with a repository in them stay', async () => {
    const { engine, site } = await makeTopic()
    await makeNested(site, 'node_modules/forked')
    const { item } = await abandon(engine)
    await purgeUnasked(await later(engine, day))
    expect(await isThere(join(item.path, 'node_modules/forked/inner.txt'))).toBe(true)
  })
})

describe('a purge that was stopped', () => {
  it.each(['rm:trash-folder', 'rm:trash-admin'])('at %s: the snapshot counts, and the next purge goes on', async (point) => {
    const { engine, site } = await makeTopic()
    await site.write('draft.txt', 'draft\n')
    const { item } = await abandon(engine)
    armFailpoints({ FLIGHTRULES_FAILPOINT: `${point}=EIO` })
    await expect(purgeLast(engine)).rejects.toThrow('EIO')
    armFailpoints({})
    await rm(join(item.path, 'draft.txt'), { force: true })
    const half = await lastEntry(engine)
    expect([half.folder, half.item.state]).toEqual(['gone', 'purging'])
    expect(await purgeLast(engine)).toMatchObject({ outcome: 'purged', error: null })
    expect([await isThere(item.path), await isThere(item.gitDir)]).toEqual([false, false])
    const { path } = await restoreLast(engine)
    expect(await readFile(join(path, 'draft.txt'), 'utf8')).toBe('draft\n')
  })

  it('before anything of it was deleted, or in the middle: what is left gives way to the snapshot', async () => {
    const { engine, site, path } = await makeTopic()
    await site.write('draft.txt', 'draft\n')
    const before = await fingerprint({ worktree: path, gitDir: site.gitDir, env: engine.env })
    const { item } = await abandon(engine)
    armFailpoints({ FLIGHTRULES_FAILPOINT: 'rm:trash-folder=EIO' })
    await expect(purgeLast(engine)).rejects.toThrow('EIO')
    armFailpoints({})
    await rm(join(item.path, '.git'))
    await rm(join(item.path, 'dir'), { recursive: true })
    await restoreLast(engine)
    const gitDir = await engine.git(['rev-parse', '--absolute-git-dir'], path)
    expect(await fingerprint({ worktree: path, gitDir, env: engine.env })).toEqual(before)
  })
})

describe('a restore from the snapshot that fails', () => {
  const points = ['rename:restored-admin', 'before:restore-branch', 'after:restore-branch', 'rename:from-trash']

  it.each(points)('at %s leaves the session in the trash, from where it comes back', async (point) => {
    const { engine, site, path } = await makeTopic()
    await site.write('draft.txt', 'draft\n')
    const before = await fingerprint({ worktree: path, gitDir: site.gitDir, env: engine.env })
    await abandon(engine)
    await purgeLast(engine)
    const refs = await engine.git(['for-each-ref'])
    armFailpoints({ FLIGHTRULES_FAILPOINT: `${point}=EIO` })
    await expect(restoreLast(engine)).rejects.toThrow(/^EIO/)
    armFailpoints({})
    expect(await isThere(path)).toBe(false)
    expect(await engine.git(['for-each-ref'])).toBe(refs)
    expect((await lastEntry(engine)).folder).toBe('gone')
    await restoreLast(engine)
    const gitDir = await engine.git(['rev-parse', '--absolute-git-dir'], path)
    expect(await fingerprint({ worktree: path, gitDir, env: engine.env })).toEqual(before)
  })
})
