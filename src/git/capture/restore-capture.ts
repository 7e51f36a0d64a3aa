import { lstat, mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Git } from '../git.ts'
import { requireWhole } from './read-capture.ts'
import type { Uncaptured } from './walk-tree.ts'
import type { WorktreePlace } from './walk-worktree.ts'
import { writeEntries } from './write-entries.ts'

/**
 * Makes the worktree a capture was made of again: every file, link and folder with its mode, the index, the operation it was in the middle
 * of. Neither place may exist; `gitDir` is to be a folder directly below the repository's `worktrees`, and the worktree locked there.
 * @returns what the capture never held.
 * @throws FlightRulesError CAPTURE_INCOMPLETE, before anything is made; the file system's error, EEXIST where something is in the way.
 */
export async function restoreCapture(git: Git, commit: string, target: WorktreePlace): Promise<readonly Uncaptured[]> {
  const metadata = await requireWhole(git, commit)
  await mkdir(target.worktree)
  await writeEntries(git, target.worktree, metadata.worktree)
  for (const { oid, blob } of metadata.tags) await writeTag(git, oid, blob)
  // others' git commands fail on a half-made one, so it is made elsewhere
  const aside = placeAside(target.gitDir)
  await mkdir(aside, { recursive: true })
  await writeEntries(git, aside, metadata.admin)
  await writeFile(join(aside, 'commondir'), '../..\n', { flag: 'wx' })
  await writeFile(join(aside, 'gitdir'), `${join(target.worktree, '.git')}\n`, { flag: 'wx' })
  await writeFile(join(aside, 'locked'), 'flightrules restore', { flag: 'wx' })
  await writeFile(join(target.worktree, '.git'), `gitdir: ${target.gitDir}\n`, { flag: 'wx' })
  await mkdir(dirname(target.gitDir), { recursive: true })
  if ((await lstat(target.gitDir).catch(() => undefined)) !== undefined) throw new Error(`${target.gitDir} is there already`)
  await rename(aside, target.gitDir)
  return metadata.uncaptured
}

/** Where the git directory is made: what an interruption left there has to go before another try. */
export function placeAside(gitDir: string): string {
  return join(dirname(dirname(gitDir)), 'flightrules', 'restoring', basename(gitDir))
}

async function writeTag(git: Git, oid: string, blob: string): Promise<void> {
  const text = await git.readBytes(['--no-replace-objects', 'cat-file', 'blob', blob])
  const written = await git.readLine(['hash-object', '-w', '-t', 'tag', '--literally', '--stdin'], { input: text })
  if (written !== oid) throw new Error(`the tag ${oid} could not be made again`)
}
