import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Git } from '../../src/git/git.ts'
import { parseIndex } from '../../src/git/index-file.ts'
import { changedPaths, parseStatus, readStatus } from '../../src/git/status.ts'
import { readIndexEntries } from '../../src/git/update-entries.ts'
import { listWorktrees, parseWorktreeList } from '../../src/git/worktrees.ts'
import { makeRepository } from '../support/repository.ts'

const part = fc
  .string({
    unit: fc.constantFrom(...'aB1 -.\n\t"\'\\#?*[]:~|', 'ü', 'u\u0308', '文', '🚀', '..', '# branch.oid ', 'R100'),
    minLength: 1,
    maxLength: 8,
  })
  .filter((name) => !/^\.+$/.test(name) && !/^\.git/i.test(name) && name.trim() !== '')
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
const paths = fc.uniqueArray(path, { maxLength: 6 })
const oid = fc.constantFrom('a'.repeat(40), 'b'.repeat(64))
const states = fc.constantFrom('M.', '.M', 'MM', 'A.', '.A', 'D.', '.D', 'T.')

test('every path of a status is read, whatever is in it', () => {
  const line = fc.oneof(
    fc.record({ kind: fc.constant('untracked' as const), path }),
    fc.record({ kind: fc.constant('unmerged' as const), path }),
    fc.record({ kind: fc.constant('ordinary' as const), path, states }),
    fc.record({ kind: fc.constant('renamed' as const), path, from: path }),
  )
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), oid, (lines, commit) => {
      const output = lines.map((one) => {
        if (one.kind === 'untracked') return `? ${one.path}\0`
        if (one.kind === 'unmerged') return `u UU N... 100644 100644 100644 100644 ${commit} ${commit} ${commit} ${one.path}\0`
        if (one.kind === 'ordinary') return `1 ${one.states} N... 100644 100644 100644 ${commit} ${commit} ${one.path}\0`
        return `2 R. N... 100644 100644 100644 ${commit} ${commit} R100 ${one.path}\0${one.from}\0`
      })
      const status = parseStatus(`# branch.oid ${commit}\0# branch.head main\0${output.join('')}`)
      expect(status).toMatchObject({ branch: 'main', head: commit })
      const expected = lines.flatMap((one) => (one.kind === 'renamed' ? [one.path, one.from] : [one.path]))
      expect(changedPaths(status)).toEqual([...new Set(expected)].sort())
    }),
  )
})

test('every worktree of a list is read, whatever is in its path or the reason of its lock', () => {
  const worktree = fc.record({ path: path.map((text) => `/${text}`), locked: fc.option(path), detached: fc.boolean() })
  fc.assert(
    fc.property(fc.array(worktree, { maxLength: 6 }), oid, (worktrees, commit) => {
      const records = worktrees.map(({ path, locked, detached }) =>
        [
          `worktree ${path}`,
          `HEAD ${commit}`,
          detached ? 'detached' : 'branch refs/heads/x',
          ...(locked === null ? [] : [`locked ${locked}`]),
          '',
          '',
        ].join('\0'),
      )
      expect(
        parseWorktreeList(records.join('')).map(({ path, locked, branch }) => ({ path, locked, detached: branch === null })),
      ).toEqual(worktrees)
    }),
  )
})

test('git itself says the same of files and worktrees with such names', async () => {
  const repository = await makeRepository()
  const git = new Git(repository.path, repository.env)
  await fc.assert(
    fc.asyncProperty(paths, part, async (names, folder) => {
      // a file cannot be a folder too, and two forms of a letter may be one name here
      const files = names.filter(
        (name) =>
          !names.some((other) => other !== name && (other.startsWith(`${name}/`) || other.normalize() === name.normalize())),
      )
      const worktree = join(repository.parent, 'linked', folder)
      await repository.git(['worktree', 'add', '--quiet', '--detach', '--', worktree])
      try {
        expect((await listWorktrees(git)).map((one) => one.path)).toEqual([repository.path, worktree])
        for (const file of files) {
          await mkdir(dirname(join(worktree, file)), { recursive: true })
          await writeFile(join(worktree, file), '')
        }
        const status = await readStatus(git, worktree)
        expect(status.untracked.toSorted()).toEqual(files.toSorted())
        await repository.git(['add', '--all'], worktree)
        expect((await readStatus(git, worktree)).staged.toSorted()).toEqual(files.toSorted())
        const index = await git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'index'], { cwd: worktree })
        await git.run(['update-index', '--index-version', '2'], { cwd: worktree })
        const entries = [...((await readIndexEntries(git, { cwd: worktree })) ?? [])].map(([name, { entry }]) => [name, entry])
        expect([...(parseIndex(await readFile(index), 40) ?? [])]).toEqual(entries)
      } finally {
        await rm(worktree, { recursive: true, force: true })
        await repository.git(['worktree', 'prune'])
      }
    }),
    { numRuns: 15 },
  )
})
