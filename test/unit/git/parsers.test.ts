import { describe, expect, it } from 'vitest'
import { parseBranchTips } from '../../../src/git/branches.ts'
import { parseGraph } from '../../../src/git/commit-graph.ts'
import { parseRawBlocks } from '../../../src/git/differing-paths.ts'
import { parseTouchedPaths } from '../../../src/git/touched-paths.ts'
import { compareVersions, parseGitVersion } from '../../../src/git/version.ts'
import { parseWorktreeList } from '../../../src/git/worktrees.ts'

const oid = 'a'.repeat(40)

describe('worktree list', () => {
  it('tells main, linked, locked, prunable, detached and unborn apart', () => {
    const output = [
      `worktree /main\0HEAD ${oid}\0branch refs/heads/main\0\0`,
      `worktree /a b\nc\0HEAD ${oid}\0detached\0locked\0\0`,
      `worktree /d\0HEAD ${'0'.repeat(40)}\0branch refs/heads/d\0locked why\nnot\0prunable gitdir file points to non-existent location\0\0`,
    ].join('')
    expect(parseWorktreeList(output)).toEqual([
      { path: '/main', head: oid, branch: 'refs/heads/main', bare: false, locked: null, prunable: null, main: true },
      { path: '/a b\nc', head: oid, branch: null, bare: false, locked: '', prunable: null, main: false },
      {
        path: '/d',
        head: null,
        branch: 'refs/heads/d',
        bare: false,
        locked: 'why\nnot',
        prunable: 'gitdir file points to non-existent location',
        main: false,
      },
    ])
  })

  it('of a bare repository begins with it', () => {
    expect(parseWorktreeList('worktree /bare.git\0bare\0\0')).toMatchObject([
      { path: '/bare.git', bare: true, head: null, main: true },
    ])
  })
})

describe('branches', () => {
  it('are local, remote, or what origin/HEAD stands for', () => {
    const output = `refs/heads/a/b\0${oid}\0\nrefs/remotes/origin/HEAD\0${oid}\0refs/remotes/origin/trunk\nrefs/remotes/origin/trunk\0${oid}\0\nrefs/tags/v1\0${oid}\0\n`
    const { local, remote, originHead } = parseBranchTips(output)
    expect([[...local.keys()], [...remote.keys()], originHead]).toEqual([['a/b'], ['origin/trunk'], 'trunk'])
    expect(parseBranchTips('').originHead).toBeNull()
  })
})

describe('commits', () => {
  it('are read with their trees and parents', () => {
    expect([...parseGraph('c tc b a\nb tb a\na ta \n')]).toEqual([
      ['c', { tree: 'tc', parents: ['b', 'a'] }],
      ['b', { tree: 'tb', parents: ['a'] }],
      ['a', { tree: 'ta', parents: [] }],
    ])
  })

  it('are told from paths that look like them or like a description of a change', () => {
    const raw = (mode: string): string => `:${mode} 100644 ${'0'.repeat(40)} ${oid} M`
    const paths = ['c'.repeat(40), ':100644 x', '\nnew\nline']
    const output = `${oid}\0\n${paths.map((path) => `${raw('100644')}\0${path}\0`).join('')}${'d'.repeat(40)}\0${'e'.repeat(40)}\0\n${raw('000000')}\0n\0`
    expect(parseRawBlocks(output)).toEqual([
      { commit: oid, changes: paths.map((path) => ({ path, isNew: false })) },
      { commit: 'd'.repeat(40), changes: [] },
      { commit: 'e'.repeat(40), changes: [{ path: 'n', isNew: true }] },
    ])
  })

  it('are told from paths that look like commits', () => {
    const lookalike = 'b'.repeat(40)
    const touched = parseTouchedPaths(`${oid}\0\n${lookalike}\0two\nlines\0${'c'.repeat(40)}\0\nx\0`)
    expect([...touched]).toEqual([
      [oid, [lookalike, 'two\nlines']],
      ['c'.repeat(40), ['x']],
    ])
  })
})

describe('versions', () => {
  it.each([
    ['git version 2.39.5', '2.39.5'],
    ['git version 2.39.5 (Apple Git-154)', '2.39.5'],
    ['git version 2.47.1.windows.2', '2.47.1'],
    ['git version 2.50.GIT', '2.50.0'],
    ['nothing', undefined],
  ])('%s', (output, version) => expect(parseGitVersion(output)).toBe(version))

  it('are compared as numbers', () => {
    expect(compareVersions('2.9.0', '2.38.0')).toBeLessThan(0)
    expect(compareVersions('3.0.0', '2.99.9')).toBeGreaterThan(0)
    expect(compareVersions('2.38', '2.38.0')).toBe(0)
  })
})
