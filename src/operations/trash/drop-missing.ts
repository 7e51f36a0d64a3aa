import { mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { isGone, requireMissing } from './gate.ts'

/**
 * Takes git's files of a linked worktree whose folder is gone out of git's sight, in one rename: to everybody it is there or it is not.
 * @throws FlightRulesError NOT_REMOVABLE when the folder is there after all, or may only be out of reach.
 */
export async function dropMissing(
  commonDir: string,
  op: string,
  { worktree, gitDir }: { readonly worktree: string; readonly gitDir: string },
): Promise<void> {
  const aside = droppedDirectory(commonDir, op)
  if (!(await isGone(aside))) return
  await requireMissing({ commonDir, worktree, gitDir })
  await mkdir(dirname(aside), { recursive: true })
  reachFailpoint('rename:missing-admin')
  await rename(gitDir, aside)
}

/** @param op as the journal has proven it to be: it becomes part of a path. */
export function droppedDirectory(commonDir: string, op: string): string {
  if (!/^[0-9a-f-]{36}$/.test(op)) throw new Error(`no operation: ${JSON.stringify(op)}`)
  return join(commonDir, 'flightrules', `dropped-worktree-${op}`)
}
