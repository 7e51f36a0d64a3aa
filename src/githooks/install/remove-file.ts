import { rmdir, unlink } from 'node:fs/promises'
import { reachFailpoint } from '../../files/failpoint.ts'

/** Unlinks one file (or symlink). False when it was not there. This folder deletes nothing in any other way. */
export async function removeFile(file: string): Promise<boolean> {
  try {
    reachFailpoint('unlink:init')
    await unlink(file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Takes a directory away if nothing is in it. False when it stays. */
export async function removeEmptyDirectory(directory: string): Promise<boolean> {
  return rmdir(directory).then(
    () => true,
    () => false,
  )
}
