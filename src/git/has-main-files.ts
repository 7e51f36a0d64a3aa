import { access } from 'node:fs/promises'
import { basename, join } from 'node:path'

/** Whether there are files beside the common directory, whatever core.bare says: a bare repository has no index beside its HEAD. */
export async function hasMainFiles(commonDir: string): Promise<boolean> {
  if (basename(commonDir) !== '.git') return false
  return access(join(commonDir, 'index')).then(
    () => true,
    () => false,
  )
}
