import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Git } from '../git.ts'
import { findNamedObjects } from './named-objects.ts'

/** Bytes of the largest file that is read for what it names. */
const largest = 4 * 1024 * 1024

/** Commits that a worktree's git directory names: its HEAD and refs, the reflog, the steps of a rebase. They may be nowhere else. */
export async function listCommitsNamedIn(git: Git, gitDir: string): Promise<readonly string[]> {
  const entries = await readdir(gitDir, { recursive: true, withFileTypes: true })
  const texts: { text: string; names: 'full' | 'short' }[] = []
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name)
    if (!entry.isFile() || entry.name === 'index' || entry.name === 'flightrules.json') continue
    if (relative(gitDir, file).startsWith('modules') || (await stat(file)).size > largest) continue
    const isList = /(?:^|[-/\\])(?:rebase-merge|rebase-apply|sequencer)[/\\]/.test(relative(gitDir, file))
    texts.push({ text: await readFile(file, 'latin1'), names: isList ? 'short' : 'full' })
  }
  return (await findNamedObjects(git, texts)).commits
}
