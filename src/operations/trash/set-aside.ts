import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'

/** What git takes for a sign that a branch is being worked on. */
const signs = ['rebase-merge', 'rebase-apply', 'BISECT_START']

/** Puts an operation in progress under names git does not know, so that others can have the branch; a restore gives them back. */
export async function setOperationAside(gitDir: string): Promise<void> {
  for (const name of signs) await renameIfThere(join(gitDir, name), join(gitDir, `flightrules-${name}`))
}

/** Gives an operation that was set aside back to git. */
export async function freeOperation(gitDir: string): Promise<void> {
  for (const name of signs) await renameIfThere(join(gitDir, `flightrules-${name}`), join(gitDir, name))
}

async function renameIfThere(from: string, to: string): Promise<void> {
  reachFailpoint('rename:operation-in-progress')
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
