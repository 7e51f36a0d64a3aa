import { existsSync } from 'node:fs'
import { join } from 'node:path'

export type GitOperation = 'rebase' | 'am' | 'merge' | 'cherry-pick' | 'revert' | 'bisect'

const traces: readonly (readonly [string, GitOperation])[] = [
  ['rebase-merge', 'rebase'],
  ['rebase-apply/applying', 'am'],
  ['rebase-apply', 'rebase'],
  ['MERGE_HEAD', 'merge'],
  ['CHERRY_PICK_HEAD', 'cherry-pick'],
  ['REVERT_HEAD', 'revert'],
  ['BISECT_LOG', 'bisect'],
]

/** What a worktree is in the middle of, from the files git leaves in its git directory; null when nothing. */
export function findOperationInProgress(gitDir: string): GitOperation | null {
  return traces.find(([file]) => existsSync(join(gitDir, file)))?.[1] ?? null
}
