import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Git } from './git.ts'
import type { TreeEntry } from './tree-changes.ts'

/** Files as git would write them out, filters and line ends and all. */
export interface ScratchFile {
  readonly path: string
  readonly entry: TreeEntry
}

/**
 * Writes files of `commit` into a folder of their own, as a checkout would, and calls `use` with that folder; afterwards it is gone.
 * Attributes are those of the commit.
 */
export async function withScratchCheckout<T>(
  git: Git,
  commit: string,
  files: readonly ScratchFile[],
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-checkout-'))
  try {
    const folder = join(directory, 'files')
    await mkdir(folder)
    const gitDir = await git.readLine(['rev-parse', '--absolute-git-dir'])
    const env = { GIT_DIR: gitDir, GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(directory, 'index') }
    const run = (args: readonly string[], input: string): Promise<unknown> =>
      git.run(['-c', 'core.hooksPath=/dev/null', ...args], { cwd: folder, env, input })
    const attributes = await listAttributeFiles(git, commit)
    await run(['update-index', '-z', '--index-info'], [...attributes, ...files].map(toIndexLine).join(''))
    const checkOut = async (some: readonly ScratchFile[]): Promise<void> => {
      if (some.length > 0) await run(['checkout-index', '--force', '-z', '--stdin'], some.map(({ path }) => `${path}\0`).join(''))
    }
    // what they say holds for the others
    await checkOut(attributes)
    await checkOut(files)
    return await use(folder)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** A line of `update-index --index-info`. */
export function toIndexLine({ path, entry }: ScratchFile): string {
  return `${entry.mode} ${entry.oid} 0\t${path}\0`
}

async function listAttributeFiles(git: Git, commit: string): Promise<ScratchFile[]> {
  const output = await git.read(['ls-tree', '-r', '-z', '--full-tree', commit])
  return output.split('\0').flatMap((line): ScratchFile[] => {
    const [, mode, , oid, path] = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(line) ?? []
    if (mode === undefined || oid === undefined || path === undefined) return []
    return path === '.gitattributes' || path.endsWith('/.gitattributes') ? [{ path, entry: { mode, oid } }] : []
  })
}
