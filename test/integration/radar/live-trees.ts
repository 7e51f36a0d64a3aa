import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { listLivePaths, type LiveEntriesInput, readLiveEntries } from '../../../src/git/live-entries.ts'
import { buildLiveTree, type LiveTree } from '../../../src/git/live-tree.ts'
import { withScratchObjects } from '../../../src/git/scratch-objects.ts'
import { pathsToAdd, readStatus } from '../../../src/git/status.ts'
import { storeChanged } from '../../../src/git/store-changed.ts'
import { storeStandIns } from '../../../src/git/store-commits.ts'

export interface LivePlace {
  readonly worktree: string
  readonly gitDir: string
  readonly env: Record<string, string>
}

interface Looked extends LiveTree {
  /** Whether the entries that differ were enough. */
  readonly isQuick: boolean
  list(): Promise<string[]>
}

/** Looks at a worktree as the radar does, and checks that nobody could tell afterwards, but for objects git has to make itself. */
export async function lookAt({ worktree, gitDir, env }: LivePlace): Promise<Looked> {
  const git = new Git(worktree, env)
  const commonDir = await git.readLine(['rev-parse', '--path-format=absolute', '--git-common-dir'])
  const before = await readTimes([worktree, commonDir])
  let files: string[] = []
  let isQuick = false
  const live = await withScratchObjects(git, async (objects) => {
    const status = await readStatus(git, worktree)
    const leaveOut = status.untracked.filter((path) => path.endsWith('/'))
    const paths = pathsToAdd(status).filter((path) => !leaveOut.includes(path))
    const tree = await buildLiveTree(git, { worktree, gitDir, paths, leaveOut, objects })
    isQuick = await expectSameQuickly(git, { worktree, gitDir, status, objects }, tree)
    const listed = await git.read(['ls-tree', '-r', '-z', tree.tree], { env: objects.env })
    files = listed.split('\0').filter((line) => line !== '')
    return tree
  })
  expect(await readTimes([worktree, commonDir])).toEqual(before)
  return { ...live, isQuick, list: async () => files }
}

/** The way without the whole index gives the very same, or says that it cannot. */
async function expectSameQuickly(
  git: Git,
  input: Omit<LiveEntriesInput, 'untracked'>,
  { tree, unread, unfiltered }: LiveTree,
): Promise<boolean> {
  const { status, objects } = input
  const untracked = status.untracked.filter((path) => !path.endsWith('/'))
  const entries = readLiveEntries(git, { ...input, untracked })
  if ((await entries) === undefined || status.head === null) return false
  expect([unread, unfiltered]).toEqual([[], false])
  const commits = await storeChanged(git, [{ head: status.head, paths: listLivePaths({ status, untracked }), entries }], objects)
  expect(await git.readLine(['rev-parse', `${commits.join()}^{tree}`], { env: objects.env })).toBe(tree)
  expect(commits).toEqual(await storeStandIns(git, [{ tree, parents: [status.head] }], objects))
  return true
}

/** The tree git itself makes of everything there is; changes the index. */
export async function addEverything({ worktree, env }: LivePlace, leaveOut: readonly string[] = []): Promise<string> {
  const git = new Git(worktree, env)
  const without = leaveOut.map((path) => `:(exclude,top,literal)${path}`)
  await git.run(['-c', 'core.safecrlf=false', 'add', '--all', '--sparse', '--ignore-errors', '--', ':/', ...without], {
    accept: [0, 1],
  })
  return git.readLine(['write-tree'])
}

/** Every file and folder with what the file system knows of it; the times of reading are left out. */
async function readTimes(roots: readonly string[]): Promise<Record<string, string>> {
  const times: Record<string, string> = {}
  const walk = async (path: Buffer): Promise<void> => {
    const { ino, mode, size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true })
    // git marks as used the shared part of a split index it reads, and an object it would have written
    const isFreshened = path.includes('sharedindex.') || /\/objects\/[0-9a-f]{2}\//.test(path.toString('latin1'))
    times[path.toString('latin1')] = [ino, mode, size, ...(isFreshened ? [] : [mtimeNs, ctimeNs])].join(' ')
    if ((mode & 0o170000n) !== 0o040000n) return
    for (const name of await readdir(path, { encoding: 'buffer' })) await walk(Buffer.concat([path, Buffer.from('/'), name]))
  }
  for (const root of roots) await walk(Buffer.from(join(root)))
  return times
}
