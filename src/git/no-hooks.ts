import { access } from 'node:fs/promises'
import { join } from 'node:path'

/** In a worktree's git directory, and so gone with it: what git is to read besides its configuration in that worktree. */
export const heldSettings = 'flightrules.gitconfig'

/** A folder that never is: git finds no hook there. */
export function noHooks(commonDir: string): string {
  return join(commonDir, 'flightrules', 'no-hooks')
}

/** `-c` for one command of git that is to run no hook, whatever the files it checks out are. */
export function withoutHooks(commonDir: string): readonly string[] {
  return ['-c', `core.hooksPath=${noHooks(commonDir)}`]
}

/** Whether git runs no hooks in the worktree with this git directory. */
export async function areHooksHeld(gitDir: string): Promise<boolean> {
  return access(join(gitDir, heldSettings)).then(
    () => true,
    () => false,
  )
}
