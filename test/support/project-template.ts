import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** What a copy of a project is made from. */
export interface ProjectFolders {
  /** The main worktree. */
  readonly path: string
  readonly remotePath: string | null
}

const beingLaid = new Map<string, Promise<void>>()

/**
 * Brings a project into `target` that was made once in this run: whoever needs it first makes it aside, and the others copy it. `make` gives one
 * that is like every other of that `key`, of any length.
 */
export async function copyTemplate(key: string, target: ProjectFolders, make: () => Promise<ProjectFolders>): Promise<void> {
  const root = process.env['TEST_ROOT']
  if (root === undefined) throw new Error('there is no folder for this run: what was made once would be there in the next')
  const template = join(root, 'templates', createHash('sha256').update(key).digest('hex').slice(0, 16))
  const laying = beingLaid.get(key) ?? layDown(template, make)
  beingLaid.set(key, laying)
  await laying
  const { path, remotePath } = target
  await cp(join(template, 'project'), path, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  if (remotePath === null) return
  await cp(join(template, 'origin.git'), remotePath, { recursive: true, preserveTimestamps: true })
  const file = join(path, '.git', 'config')
  await writeFile(
    file,
    (await readFile(file, 'utf8')).replace(/^\turl = .*$/m, () => `\turl = ${remotePath.replaceAll('\\', '/')}`),
  )
}

async function layDown(template: string, make: () => Promise<ProjectFolders>): Promise<void> {
  if (await isThere(template)) return
  const { path, remotePath } = await make()
  const aside = await makeTemporaryDirectory('template')
  await rename(path, join(aside, 'project'))
  if (remotePath !== null) await rename(remotePath, join(aside, 'origin.git'))
  // approvals are for one copy of a repository, and each gets its own
  await rm(join(aside, 'project', '.git', 'flightrules', 'id'), { force: true })
  await mkdir(dirname(template), { recursive: true })
  await rename(aside, template).catch(async (error: unknown) => {
    // another process was there first
    if (!(await isThere(template))) throw error
  })
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
