import type { ResolvedConfig } from '../../config/types.ts'
import { matchesGlobs } from '../../files/glob.ts'

/** Whether the project calls this path a spec or progress document; `path` is relative to the worktree, with slashes. */
export function isDocument({ documents }: Pick<ResolvedConfig, 'documents'>, path: string): boolean {
  return matchesGlobs(documents, path)
}
