import { rename, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { captureWorktree } from '../../../src/git/capture/capture-worktree.ts'
import { restoreCapture } from '../../../src/git/capture/restore-capture.ts'
import { Git } from '../../../src/git/git.ts'
import { fingerprint, without } from '../../support/fingerprint.ts'
import { situations } from '../../support/situations/all.ts'
import { makeSite, type Site } from '../../support/situations/situation.ts'

const ref = 'refs/flightrules/trash/kept/now'

const takeFingerprint = ({ worktree, gitDir, repository }: Site) => fingerprint({ worktree, gitDir, env: repository.env })

async function capture(site: Site) {
  const git = new Git(site.repository.path, site.repository.env)
  const { worktree, gitDir } = site
  return captureWorktree(git, { worktree, gitDir, message: 'kept' })
}

describe.concurrent('a worktree made again from its capture is the same', () => {
  it.each(situations)('$name', async ({ make, uncaptured = [] }) => {
    const site = await makeSite()
    const { repository, worktree, gitDir } = site
    await make(site)
    const before = await takeFingerprint(site)

    const captured = await capture(site)
    expect(captured.uncaptured).toEqual(uncaptured)
    expect(await takeFingerprint(site)).toEqual(before)

    await repository.git(['update-ref', ref, captured.commit])
    await rename(worktree, join(repository.parent, 'gone'))
    await rename(gitDir, join(repository.parent, 'gone.git'))
    await repository.git(['reflog', 'expire', '--expire=now', '--all'])
    await repository.git(['gc', '--quiet', '--prune=now'])
    const git = new Git(repository.path, repository.env)
    expect((await restoreCapture(git, captured.commit, { worktree, gitDir })).uncaptured).toEqual(uncaptured)

    const paths = uncaptured.map(({ path }) => path)
    expect(without(await takeFingerprint(site), paths)).toEqual(without(before, paths))
    await expect(repository.git(['fsck', '--connectivity-only'])).resolves.toBeDefined()
  })
})

it('a file restored in the very second its index remembers is compared by what it holds', async () => {
  const site = await makeSite()
  const { repository, worktree, gitDir } = site
  await site.git('config', 'core.checkStat', 'minimal')
  await site.git('config', 'core.trustctime', 'false')
  const anHourAgo = Math.floor((await stat(join(worktree, 'b.txt'))).mtimeMs / 1000) - 3600
  await utimes(join(worktree, 'b.txt'), anHourAgo, anHourAgo)
  await site.git('update-index', '--refresh')
  await site.write('b.txt', 'B\n')
  const { commit } = await capture(site)
  await rename(worktree, join(repository.parent, 'gone'))
  await rename(gitDir, join(repository.parent, 'gone.git'))
  await restoreCapture(new Git(repository.path, repository.env), commit, { worktree, gitDir })
  await utimes(join(worktree, 'b.txt'), anHourAgo, anHourAgo)
  expect(await site.git('status', '--porcelain')).toBe(' M b.txt')
})
