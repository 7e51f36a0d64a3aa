import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Git } from '../git.ts'
import type { CaptureMetadata } from './metadata.ts'
import { beginWorktree, placeAdmin } from './place-admin.ts'
import { requireWhole } from './read-capture.ts'
import type { WorktreePlace } from './walk-worktree.ts'
import { writeEntries } from './write-entries.ts'

/**
 * Makes the worktree a capture was made of again: every file, link and folder with its mode, the index, the operation it was in the middle
 * of. Neither place may exist; `gitDir` is to be a folder directly below the repository's `worktrees`, and the worktree locked there.
 * @returns what the capture holds, and what it never held.
 * @throws FlightRulesError CAPTURE_INCOMPLETE, before anything is made; the file system's error, EEXIST where something is in the way.
 */
export async function restoreCapture(git: Git, commit: string, target: WorktreePlace): Promise<CaptureMetadata> {
  const metadata = await requireWhole(git, commit)
  const aside = await beginWorktree(target)
  await writeEntries(git, target.worktree, metadata.worktree)
  for (const { oid, blob } of metadata.tags) await writeTag(git, oid, blob)
  await writeEntries(git, aside, metadata.admin)
  await distrustTimes(join(aside, 'index'))
  await placeAdmin(target)
  return metadata
}

/**
 * The index remembers times of files that are new here. One whose time and size agree by chance would count as unchanged, where
 * `core.checkStat=minimal` has git look at little else; in an index older than every file git compares what such a file holds
 * (`is_racy_stat`, which takes a time of 0 for none).
 */
async function distrustTimes(index: string): Promise<void> {
  await utimes(index, 1, 1).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

async function writeTag(git: Git, oid: string, blob: string): Promise<void> {
  const text = await git.readBytes(['--no-replace-objects', 'cat-file', 'blob', blob])
  const written = await git.readLine(['hash-object', '-w', '-t', 'tag', '--literally', '--stdin'], { input: text })
  if (written !== oid) throw new Error(`the tag ${oid} could not be made again`)
}
