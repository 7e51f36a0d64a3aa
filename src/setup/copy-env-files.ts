import { createHash } from 'node:crypto'
import { constants, type FileHandle, link, lstat, open, rename } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import type { Finding } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { findIgnoredPaths } from '../git/ignore.ts'
import { findContainedPath, findSymlink, isThere, makeParents } from './contained-path.ts'
import type { EnvFile } from './find-env-files.ts'
import { withPinnedDirectory } from './pinned-directory.ts'
import { withStaging } from './staging.ts'

export interface CopiedFile {
  readonly path: string
  /** Of the bytes that were written. */
  readonly sha256: string
}

export interface EnvFileCopy {
  /** Runner of any directory; it is used in `worktree`. */
  readonly git: Git
  readonly main: string
  readonly worktree: string
  readonly files: readonly EnvFile[]
}

/**
 * Copies files of the main worktree into another one. What is there already stays and is not named in `copied`.
 * A file that cannot or must not be copied becomes a finding; the others go on.
 */
export async function copyEnvFiles(input: EnvFileCopy): Promise<{ copied: CopiedFile[]; findings: Finding[] }> {
  const { main, worktree } = input
  const findings: Finding[] = []
  const wanted: EnvFile[] = []
  for (const file of input.files) {
    const refusal = await findRefusal(main, worktree, file.path)
    if (refusal !== undefined) findings.push(refusal)
    else if (!(await isThere(join(worktree, file.path)))) wanted.push(file)
  }
  const ignored = await findIgnoredPaths(
    input.git.at(worktree),
    wanted.map((file) => file.path),
  )
  const copied: CopiedFile[] = []
  for (const file of wanted) {
    if (!ignored.has(file.path)) {
      findings.push(exposedDestination(file.path))
      continue
    }
    try {
      const sha256 = await copyFile(main, worktree, file)
      if (sha256 !== undefined) copied.push({ path: file.path, sha256 })
    } catch (error) {
      findings.push(failure(file.path, (error as Error).message))
    }
  }
  return { copied, findings }
}

async function findRefusal(main: string, worktree: string, path: string): Promise<Finding | undefined> {
  if (findContainedPath(path) !== path) return failure(path, 'it leads out of the worktree')
  const source = await findSymlink(main, path)
  if (source !== undefined) return symlinkInTheWay(path, join(main, source))
  const destination = await findSymlink(worktree, path)
  if (destination === undefined) return undefined
  // a person's own symlink in place of the file is theirs, as any file that is there; a symlinked directory leads elsewhere
  return symlinkInTheWay(path, join(worktree, destination))
}

/** The hash of what was copied, undefined when somebody else made the file meanwhile. */
async function copyFile(main: string, worktree: string, file: EnvFile): Promise<string | undefined> {
  // Opening a pipe would wait for its writer; the flags are not known on every platform.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)
  const source = await open(join(main, file.path), flags)
  try {
    const stats = await source.stat()
    if (!stats.isFile()) throw new Error('it is not a regular file')
    await requireSame(main, file.path, source)
    await makeParents(worktree, file.path)
    const destination = join(worktree, file.path)
    return await withStaging(worktree, destination, async (aside) => {
      const hash = createHash('sha256')
      const target = await open(aside, 'wx', 0o600)
      try {
        const buffer = Buffer.alloc(Math.min(Math.max(stats.size, 1), 1 << 20))
        for (let position = 0; ;) {
          const { bytesRead } = await source.read(buffer, 0, buffer.length, position)
          if (bytesRead === 0) break
          const bytes = buffer.subarray(0, bytesRead)
          hash.update(bytes)
          reachFailpoint('bytes:env-file')
          await target.writeFile(bytes)
          position += bytesRead
        }
        // whatever the umask
        await target.chmod(file.secret ? 0o600 : stats.mode & 0o777)
        await target.utimes(stats.atime, stats.mtime)
        await target.sync()
      } finally {
        await target.close()
      }
      const placed = await withPinnedDirectory(worktree, posix.dirname(file.path), (directory) =>
        placeExclusively(aside, join(directory, basename(destination))),
      )
      return placed ? hash.digest('hex') : undefined
    })
  } finally {
    await source.close()
  }
}

/** What was opened must be what the path leads to without a symlink: a directory of it may have been swapped in between. */
async function requireSame(root: string, path: string, opened: FileHandle): Promise<void> {
  const symlink = await findSymlink(root, path)
  if (symlink !== undefined) throw new Error(`${join(root, symlink)} is a symlink, and what it leads to may be anywhere`)
  const [there, here] = await Promise.all([lstat(join(root, path)), opened.stat()])
  if (there.ino !== here.ino || there.dev !== here.dev) throw new Error('it was replaced while it was being read')
}

/** Linking fails where something is there already, which a rename would replace. */
async function placeExclusively(aside: string, destination: string): Promise<boolean> {
  try {
    reachFailpoint('link:env-file')
    await link(aside, destination)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
  }
  // a file system without hard links
  if (await lstat(destination).catch(() => undefined)) return false
  await rename(aside, destination)
  return true
}

function failure(path: string, reason: string): Finding {
  return { code: 'ENV_FILE_NOT_COPIED', message: `${path} was not copied: ${reason}`, details: { path } }
}

function symlinkInTheWay(path: string, link: string): Finding {
  return {
    code: 'ENV_FILE_BEHIND_SYMLINK',
    message: `${path} was not copied: ${link} is a symlink, and what it leads to may be anywhere`,
    details: { path, link },
  }
}

function exposedDestination(path: string): Finding {
  return {
    code: 'ENV_FILE_NOT_IGNORED',
    message: `${path} was not copied: in this worktree git tracks it or does not ignore it, so a commit would take it`,
    hint: 'ignore it on the branch the session starts from',
    details: { paths: [path] },
  }
}
