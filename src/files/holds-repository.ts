import { readdir } from 'node:fs/promises'
import { basename } from 'node:path'

/** A git repository of its own in a folder: a `.git` anywhere below the folder's own. What cannot be read counts as one. */
export async function holdsRepository(folder: string): Promise<boolean> {
  try {
    const entries = await readdir(folder, { recursive: true })
    return entries.some((entry) => /^\.git$/i.test(basename(entry)) && entry !== '.git')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/** What git keeps for submodules, in the git directory of a worktree. */
export async function holdsModules(gitDir: string): Promise<boolean> {
  return readdir(gitDir).then(
    (names) => names.includes('modules'),
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  )
}
