import { lstat, readFile, readdir } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { World } from './world.ts'

export interface SeenSession {
  readonly id: string
  readonly branch: string | null
  readonly path: string
  readonly setup: string | null
  readonly status: string
}

/** What is on the disk and in git, read without the program under test. */
export interface View {
  readonly worktrees: readonly { readonly path: string; readonly branch: string | null; readonly head: string }[]
  readonly refs: ReadonlyMap<string, string>
  /** Sessions as their records say, where they are not in the trash. */
  readonly sessions: readonly SeenSession[]
  readonly trashed: readonly string[]
  /** Ids in the manifest with path and branch, or what is wrong with it. */
  readonly manifest: readonly (Pick<SeenSession, 'id' | 'branch' | 'path'> & { readonly isOrphaned: boolean })[] | string
  /** Files that should be gone once everything is finished, relative to the project's folder. */
  readonly leftovers: readonly string[]
  /** Everything that a second reconciliation must leave as it is. */
  readonly state: string
}

export async function lookAt(world: World): Promise<View> {
  const { project } = world
  const commonDir = join(project.path, '.git')
  const list = await project.git(['worktree', 'list', '--porcelain'])
  const worktrees = list
    .split('\n\n')
    .filter((block) => block.trim() !== '')
    .map((block) => ({
      path: /^worktree (.+)$/m.exec(block)?.[1] ?? '',
      branch: /^branch refs\/heads\/(.+)$/m.exec(block)?.[1] ?? null,
      head: /^HEAD (.+)$/m.exec(block)?.[1] ?? '',
    }))
  const refLines = await project.git(['for-each-ref', '--format=%(refname) %(objectname)'])
  const refs = new Map(refLines.split('\n').map((line) => line.split(' ') as [string, string]))
  const records = await readRecords(commonDir, project.path)
  const isTrashed = (path: string): boolean => /^\.(?:flightrules-)?trash$/.test(dirname(path).split(sep).at(-1) ?? '')
  const sessions = records
    .filter(({ path }) => !isTrashed(path))
    .map((record) => ({
      ...record,
      branch: worktrees.find(({ path }) => path === record.path)?.branch ?? null,
    }))
  const manifestText = await readFile(join(`${project.path}-sessions`, '.manifest.json'), 'utf8').catch(() => null)
  return {
    worktrees,
    refs,
    sessions,
    trashed: records.filter(({ path }) => isTrashed(path)).map(({ id }) => id),
    manifest: readManifest(manifestText, project.path),
    leftovers: await findLeftovers(project.parent),
    state: JSON.stringify([list, refLines, records, manifestText]),
  }
}

async function readRecords(commonDir: string, main: string): Promise<SeenSession[]> {
  const records: SeenSession[] = []
  const admin = join(commonDir, 'worktrees')
  const folders = (await readdir(admin).catch(() => [])).toSorted()
  for (const gitDir of [commonDir, ...folders.map((name) => join(admin, name))]) {
    const text = await readFile(join(gitDir, 'flightrules.json'), 'utf8').catch(() => null)
    if (text === null) continue
    const back = gitDir === commonDir ? null : await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
    const path = back === null ? main : dirname(resolve(gitDir, back.trim()))
    try {
      const { id, branch, status, setup } = JSON.parse(text) as SeenSession & { setup: { status: string } | null }
      records.push({ id, branch, path, status, setup: setup?.status ?? null })
    } catch {
      records.push({ id: `torn record in ${gitDir}`, branch: null, path, status: 'torn', setup: null })
    }
  }
  return records
}

function readManifest(text: string | null, main: string): View['manifest'] {
  if (text === null) return []
  try {
    const { sessions } = JSON.parse(text) as {
      sessions: { id: string; branch: string | null; worktree: string; orphaned?: boolean }[]
    }
    return sessions.map(({ id, branch, worktree, orphaned = false }) => ({
      id,
      branch,
      path: resolve(main, worktree),
      isOrphaned: orphaned,
    }))
  } catch (error) {
    return `torn manifest: ${(error as Error).message}`
  }
}

/** Locks of git, journals, scratch files: what a finished operation leaves behind nowhere. */
async function findLeftovers(parent: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name)
      if (isLeftover(path, parent)) found.push(path.slice(parent.length + 1))
      else if (entry.isDirectory() && !/(?:^|\/)(?:objects|home|node_modules)$/.test(path)) await walk(path)
    }
  }
  await walk(parent)
  return found
}

function isLeftover(path: string, parent: string): boolean {
  const name = path.slice(path.lastIndexOf(sep) + 1)
  const inside = path.slice(parent.length)
  if (/\/flightrules\/(?:journal|staging)\/(?!quarantine$)/.test(inside)) return true
  if (/\/journal\/quarantine\//.test(inside)) return true
  // git's own scratch index, named after its process, is in nobody's way
  if (/\/\.git\/.*\.lock$/.test(inside) && !/next-index-\d+\.lock$/.test(name)) return true
  return /^\..*\.[0-9a-f]{12}\.tmp$|flightrules-staging-|^new-worktree-|flightrules-lock$|^\.\d+\.[0-9a-f]{12}$|half-made|_\.\d+$/.test(
    name,
  )
}

/** Whether something is at the path. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
