import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { listAdminDirectories } from './worktrees.ts'

/** Where a worktree says which branch it has, or goes back to after a rebase or bisect. */
const places = ['HEAD', 'rebase-merge/head-name', 'rebase-apply/head-name', 'BISECT_START'] as const

/** @throws FlightRulesError BRANCH_IN_USE when a worktree has the branch checked out, or in a rebase or bisect. File reads only. */
export async function requireBranchUnused(
  { commonDir, branch }: { readonly commonDir: string; readonly branch: string },
  bare: boolean,
): Promise<void> {
  const worktrees = [...(bare ? [] : [[commonDir, commonDir] as const]), ...(await listAdminDirectories(commonDir))]
  const names = [`ref: refs/heads/${branch}`, `refs/heads/${branch}`, branch]
  await Promise.all(
    worktrees.flatMap(([path, gitDir]) =>
      places.map(async (place) => {
        const text = await readFile(join(gitDir, place), 'utf8').catch(() => '')
        if (!names.includes(text.trim())) return
        throw new FlightRulesError({
          kind: 'decision',
          code: 'BRANCH_IN_USE',
          message: `branch ${branch} is ${place === 'HEAD' ? 'checked out' : 'in a rebase or bisect'} in ${path}`,
          hint: 'take another name, or switch that worktree to another branch',
          details: { branch, path },
        })
      }),
    ),
  )
}
