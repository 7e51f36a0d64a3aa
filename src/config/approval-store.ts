import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { lstat, mkdir, open, readdir, realpath, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, FlightRulesError } from '../errors.ts'
import { replaceFile } from '../files/replace-file.ts'
import { ensureRepositoryId, findRepositoryId } from './repository-id.ts'

/** Which approvals are meant, and where they are. */
export interface ApprovalPlace {
  /** The git directory all worktrees share. */
  readonly commonDir: string
  /** As `findStateDirectory` gives it: undefined where the environment does not say. */
  readonly stateDirectory: string | undefined
}

/** This copy of the repository: moved, copied or cloned anew it is another. */
export interface RepositoryKey {
  readonly id: string
  /** Real path. */
  readonly commonDir: string
}

/** The folder of one repository's approvals. */
export interface ApprovalFolder {
  readonly path: string
  readonly key: RepositoryKey
}

const largest = 64 * 1024 * 1024

/** The folder as it is now; null where nothing was ever approved here, or where it is not this person's alone. */
export async function findApprovalFolder(
  place: ApprovalPlace,
): Promise<{ readonly folder: ApprovalFolder | null; readonly doubts: readonly Finding[] }> {
  const { stateDirectory } = place
  if (stateDirectory === undefined) return { folder: null, doubts: [noStateDirectory()] }
  const [id, commonDir] = await Promise.all([findRepositoryId(place.commonDir), realpath(place.commonDir)])
  if (id === undefined) return { folder: null, doubts: [] }
  const key = { id, commonDir }
  const path = folderOf(stateDirectory, key)
  const chain = foldersOf(stateDirectory, path)
  const stats = await Promise.all(chain.map((folder) => lstat(folder).catch(() => undefined)))
  for (const [index, folder] of chain.entries()) {
    const found = stats[index]
    if (found === undefined) return { folder: null, doubts: [] }
    const why = found.isDirectory() ? findExposure(found) : describeKind(found, 'a folder')
    if (why !== undefined) return { folder: null, doubts: [unsafe(folder, why)] }
  }
  return { folder: { path, key }, doubts: [] }
}

/**
 * The folder, made where it is missing, for this person alone.
 * @throws FlightRulesError NO_STATE_DIRECTORY, APPROVALS_UNSAFE.
 */
export async function ensureApprovalFolder(place: ApprovalPlace): Promise<ApprovalFolder> {
  const { stateDirectory } = place
  if (stateDirectory === undefined) throw asError(noStateDirectory())
  const key = { id: await ensureRepositoryId(place.commonDir), commonDir: await realpath(place.commonDir) }
  await mkdir(dirname(stateDirectory), { recursive: true, mode: 0o700 })
  for (const folder of foldersOf(stateDirectory, folderOf(stateDirectory, key))) {
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  const { folder, doubts } = await findApprovalFolder(place)
  const [doubt] = doubts
  if (doubt !== undefined) throw asError(doubt)
  if (folder === null) throw new Error(`${folderOf(stateDirectory, key)} went away while it was being made`)
  return folder
}

/** The text of one file of the folder, if it is a plain file only this person can write; a finding where it is not. */
export async function readApprovalFile(folder: ApprovalFolder, name: string): Promise<string | Finding | undefined> {
  const file = join(folder.path, name)
  // opened before it is looked at: what is checked is what is read
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)).catch(
    (error: NodeJS.ErrnoException) => error.code ?? 'unknown',
  )
  if (handle === 'ENOENT') return undefined
  if (typeof handle === 'string') {
    return unsafe(file, handle === 'ELOOP' ? 'is a symbolic link' : `cannot be read (${handle})`)
  }
  try {
    const stats = await handle.stat()
    const why = stats.isFile() ? findExposure(stats) : describeKind(stats, 'a file')
    if (why !== undefined) return unsafe(file, why)
    if (stats.size > largest) return unsafe(file, `has ${stats.size} bytes, far more than any approval`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

export async function writeApprovalFile(folder: ApprovalFolder, name: string, text: string): Promise<void> {
  await replaceFile(join(folder.path, name), text, { mode: 0o600, makeDirectory: false })
}

/** The names of the files in the folder, without those that are being written. */
export async function listApprovalFiles(folder: ApprovalFolder): Promise<string[]> {
  return (await readdir(folder.path)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name)).sort()
}

/** The names of the files that approve a commit of a session. */
export async function listSessionApprovals(folder: ApprovalFolder): Promise<string[]> {
  return (await readdir(folder.path)).filter((name) => /^session-[0-9a-f-]{36}-[0-9a-f]{40,64}\.json$/.test(name)).sort()
}

export async function removeApprovalFile(folder: ApprovalFolder, name: string): Promise<void> {
  await unlink(join(folder.path, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** An approval that counts for nothing, and why: said wherever approvals matter. */
export function unsafe(path: string, why: string): Finding {
  return {
    code: 'APPROVALS_UNSAFE',
    message: `${path} ${why}, so no approval in it counts`,
    hint: 'look at who changed it, take it away or give it back to you alone (chmod go-w, chown), then: flightrules trust',
    details: { path },
  }
}

function noStateDirectory(): Finding {
  return {
    code: 'NO_STATE_DIRECTORY',
    message:
      'neither HOME nor XDG_STATE_HOME says where your approvals are (a program that started git without them?), so none counts here',
    hint: 'set HOME for that program, or run the command in a shell',
  }
}

function asError({ code, message, hint, details }: Finding): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  })
}

function folderOf(stateDirectory: string, { id, commonDir }: RepositoryKey): string {
  const name = createHash('sha256').update(`${id}\0${commonDir}`).digest('hex').slice(0, 40)
  return join(stateDirectory, 'approvals', name)
}

/** Our own folders from the outside in. What is above them is the person's to arrange, links included. */
function foldersOf(stateDirectory: string, folder: string): string[] {
  return [stateDirectory, dirname(folder), folder]
}

/** Who else could have written here. */
function findExposure(stats: Stats): string | undefined {
  const user = process.getuid?.()
  if (user === undefined) return undefined
  if (stats.uid !== user) return `belongs to another user (uid ${stats.uid}, not ${user})`
  if ((stats.mode & 0o002) !== 0) return `can be written by everybody (mode ${(stats.mode & 0o777).toString(8)})`
  if ((stats.mode & 0o020) !== 0) return `can be written by its group (mode ${(stats.mode & 0o777).toString(8)})`
  return undefined
}

function describeKind(stats: Stats, wanted: string): string {
  return stats.isSymbolicLink() ? 'is a symbolic link' : `is not ${wanted}`
}
