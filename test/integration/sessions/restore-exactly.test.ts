import { describe, expect, it } from 'vitest'
import type { FlightRulesError } from '../../../src/errors.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { situations } from '../../support/situations/all.ts'
import { abandon, entriesOf, makeTopic, restoreLast } from './trash-steps.ts'

describe.concurrent('a session that was abandoned and brought back is the same', () => {
  const movable = situations.filter(({ name }) => name !== 'a linked worktree inside')

  it.each(movable)('$name', async ({ make }) => {
    const { engine, site, path } = await makeTopic()
    await make(site)
    const place = { worktree: path, gitDir: site.gitDir, env: engine.env }
    const before = await fingerprint(place)
    const refs = await engine.git(['for-each-ref'])
    const manifest = await engine.manifest()

    await abandon(engine)
    const restored = await restoreLast(engine)

    expect(restored.findings).toEqual([])
    expect(restored.path).toBe(path)
    expect(await fingerprint(place)).toEqual(before)
    expect(await engine.git(['for-each-ref'])).toBe(refs)
    expect(await engine.manifest()).toEqual(manifest)
    expect(await entriesOf(engine)).toEqual([])
    await expect(engine.git(['fsck', '--connectivity-only'])).resolves.toBeDefined()
  })

  it('a linked worktree inside: it stays where it is', async () => {
    const { engine, path } = await makeTopic()
    await engine.git(['worktree', 'add', '--quiet', '--detach', 'build/inner'], path)
    await expect(abandon(engine)).rejects.toSatisfy(({ code }: FlightRulesError) => code === 'NOT_REMOVABLE')
    expect((await engine.session('topic')).worktree.path).toBe(path)
  })
})
