import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Git } from './git.ts'
import { quoteCStyle } from './quote-c-style.ts'

/** Variables with which git reads the repository's objects and writes new ones elsewhere. */
export interface ScratchObjects {
  readonly env: Readonly<Record<string, string>>
  /** A directory that goes when they go. */
  readonly directory: string
  /** Where the repository's own are. */
  readonly repository: string
}

/** Settings for what is written there: it has to outlive nothing, and to be small for nobody. */
export const scratchSettings: readonly string[] = ['-c', 'core.fsync=none', '-c', 'core.compression=0']

/**
 * Calls `use` with a place for objects that is thrown away afterwards: the repository gains none.
 * @param repository where its own are, absolute; asked of git when it is not given.
 */
export async function withScratchObjects<T>(
  git: Git,
  use: (objects: ScratchObjects) => Promise<T>,
  repository?: string,
): Promise<T> {
  const objects = repository ?? (await git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'objects']))
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-scratch-'))
  try {
    const own = join(directory, 'objects')
    // git would make the folder of packs itself, while somebody waits
    await mkdir(join(own, 'pack'), { recursive: true })
    // entries are separated by a delimiter a path may hold
    const env = { GIT_OBJECT_DIRECTORY: own, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteCStyle(objects) }
    return await use({ env, directory, repository: objects })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
