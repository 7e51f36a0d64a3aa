import { describe, expect, it } from 'vitest'
import type { LiveTree } from '../../../src/git/live-tree.ts'
import { situations } from '../../support/situations/all.ts'
import { makeSite } from '../../support/situations/situation.ts'
import { addEverything, lookAt } from './live-trees.ts'

/** Where git itself ends without adding anything. */
const refused: Readonly<Record<string, Pick<LiveTree, 'unread' | 'unfiltered'>>> = {
  'a required filter that is not installed, as of large file storage': { unread: [], unfiltered: true },
  'files in UTF-16, and one that is not what it should be': { unread: ['broken.utf16'], unfiltered: false },
}

/** Where the entries that differ are not enough. */
const needsWholeIndex = new Set([
  ...Object.keys(refused),
  'a branch without a commit',
  'a cherry-pick of several, stopped at the first',
  'a cherry-pick with conflicts',
  'a merge with conflicts',
  'a merge with conflicts, one of them settled, one deleted on one side',
  'a rebase by the apply backend',
  'a rebase that has stashed changes away',
  'a rebase with conflicts',
  'a revert with conflicts',
  'a sparse checkout, with somebody’s file where nothing is checked out',
  'a sparse index',
  'an am that does not apply',
  'attributes that are deleted, of files that are changed',
  'names that are not UTF-8, tracked, untracked and ignored',
])

describe.concurrent('every state a worktree may be in', () => {
  it.each(situations.map((situation) => [situation.name, situation] as const))(
    'is seen as git would add it, and not touched: %s',
    async (_name, situation) => {
      const site = await makeSite()
      await situation.make(site)
      const place = { ...site, env: site.repository.env }
      const nested = (await site.git('status', '--porcelain', '-z', '--untracked-files=all'))
        .split('\0')
        .flatMap((line) => (line.startsWith('?? ') && line.endsWith('/') ? [line.slice(3)] : []))
      const { tree, unread, unfiltered, isQuick } = await lookAt(place)
      expect(isQuick).toBe(!needsWholeIndex.has(situation.name))
      expect({ unread, unfiltered }).toEqual(refused[situation.name] ?? { unread: [], unfiltered: false })
      if (refused[situation.name] === undefined) expect(tree).toBe(await addEverything(place, nested))
    },
  )
})
