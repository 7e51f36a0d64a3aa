import { describe, expect, it } from 'vitest'
import type { FlightRulesError } from '../../../src/errors.ts'
import { loadTrashEntries } from '../../../src/sessions/restore/trash-entries.ts'
import { restoreSession } from '../../../src/sessions/restore/restore-session.ts'
import { retireSession } from '../../../src/sessions/retire-session.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { situations } from '../../support/situations/all.ts'
import { siteFiles, workOn } from '../../support/situations/situation.ts'
import { type Engine, makeEngine } from './engine.ts'

async function abandon(engine: Engine, id: string) {
  const { context } = await engine.open()
  const entry = await engine.session(id)
  return retireSession(context, entry, {
    reason: 'abandoned',
    event: 'ended',
    tip: entry.worktree.head,
    content: 'any',
    deleteBranch: true,
  })
}

describe.concurrent('a session that was abandoned and brought back is the same', () => {
  const movable = situations.filter(({ name }) => name !== 'a linked worktree inside')

  it.each(movable)('$name', async ({ make }) => {
    const engine = await makeEngine({ files: siteFiles, config: { branchPrefix: '' } })
    const { path } = await engine.start('topic')
    const site = await workOn(engine, path)
    await make(site)
    const place = { worktree: path, gitDir: site.gitDir, env: engine.env }
    const before = await fingerprint(place)
    const refs = await engine.git(['for-each-ref'])
    const manifest = await engine.manifest()

    await abandon(engine, 'topic')
    const { context } = await engine.open()
    const [entry] = await loadTrashEntries(context)
    if (entry === undefined) throw new Error('nothing is in the trash')
    const restored = await restoreSession(context, { entry })

    expect(restored.findings).toEqual([])
    expect(restored.path).toBe(path)
    expect(await fingerprint(place)).toEqual(before)
    expect(await engine.git(['for-each-ref'])).toBe(refs)
    expect(await engine.manifest()).toEqual(manifest)
    expect(await loadTrashEntries((await engine.open()).context)).toEqual([])
    await expect(engine.git(['fsck', '--connectivity-only'])).resolves.toBeDefined()
  })

  it('a linked worktree inside: it stays where it is', async () => {
    const engine = await makeEngine({ files: siteFiles, config: { branchPrefix: '' } })
    const { path } = await engine.start('topic')
    await engine.git(['worktree', 'add', '--quiet', '--detach', 'build/inner'], path)
    await expect(abandon(engine, 'topic')).rejects.toSatisfy(({ code }: FlightRulesError) => code === 'NOT_REMOVABLE')
    expect((await engine.session('topic')).worktree.path).toBe(path)
  })
})
