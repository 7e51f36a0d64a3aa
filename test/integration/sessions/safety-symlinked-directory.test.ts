import { mkdir, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { armFailpoints } from '../../../src/files/failpoint.ts'
import { makeEngine } from './engine.ts'

describe.skipIf(process.platform === 'win32').concurrent('a sessions directory behind a symbolic link', () => {
  it.each(['link', 'link/deeper/still', 'link/{project}'])('holds sessions like any other: %s', async (directory) => {
    const engine = await makeEngine({ config: { sessionsDir: `../${directory}` } })
    const real = join(engine.parent, 'elsewhere')
    await mkdir(real)
    await symlink(real, join(engine.parent, 'link'))
    const { path } = await engine.start('a')
    expect(path).toBe(join(real, directory.replace('link', '').replace('{project}', 'project'), 'a'))
    const { worktree, session } = await engine.session('a')
    expect({ path: worktree.path, status: session.status }).toEqual({ path, status: 'active' })
    expect((await engine.reconcile()).findings).toEqual([])
  })
})

// not beside the others: failpoints are armed for the whole process
it.skipIf(process.platform === 'win32')(
  'a sessions directory behind a symbolic link is as empty after a failure as before',
  async () => {
    const engine = await makeEngine({ config: { sessionsDir: '../link' } })
    await mkdir(join(engine.parent, 'elsewhere'))
    await symlink(join(engine.parent, 'elsewhere'), join(engine.parent, 'link'))
    // fails after git has made the worktree, where the record would be written
    armFailpoints({ FLIGHTRULES_FAILPOINT: 'before:write-record=EIO' })
    await expect(engine.start('a')).rejects.toThrow('EIO')
    armFailpoints({})
    expect(await engine.git(['for-each-ref', 'refs/heads/session'])).toBe('')
    expect(await readdir(join(engine.commonDir, 'worktrees')).catch(() => [])).toEqual([])
    expect(await readdir(join(engine.parent, 'elsewhere')).catch(() => [])).toEqual([])
  },
)
