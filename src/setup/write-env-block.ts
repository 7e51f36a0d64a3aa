import { chmod, lstat, readFile, rename } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import type { Finding } from '../errors.ts'
import { placeBlock } from '../files/marked-block.ts'
import { replaceFile } from '../files/replace-file.ts'
import { excludeFromStatus, findExcludePattern } from '../git/exclude.ts'
import type { Git } from '../git/git.ts'
import { findIgnoredPaths, isTracked } from '../git/ignore.ts'
import { findContainedPath, findSymlink, makeParents } from './contained-path.ts'
import { envLines } from './env-lines.ts'
import { withPinnedDirectory } from './pinned-directory.ts'
import { withStaging } from './staging.ts'

export interface EnvBlock {
  /** Runner of any directory; it is used in `worktree`. */
  readonly git: Git
  readonly worktree: string
  readonly commonDir: string
  /** Relative to the worktree. */
  readonly file: string
  readonly session: string
  /** Ports and variables, in the order they are written. */
  readonly values: Readonly<Record<string, string>>
}

/**
 * Puts the session's ports and variables into a marked block of `file`; nothing else in it changes. Where there is
 * nothing to write no file is made. `written`: the file was changed.
 */
export async function writeEnvBlock(input: EnvBlock): Promise<{ written: boolean; findings: Finding[] }> {
  const { worktree } = input
  const { lines, left } = envLines(input.values)
  const findings = left.map((name) => unquotable(name, input.file))
  if (lines.length === 0) return { written: false, findings }
  const refuse = (code: string, why: string, hint?: string): { written: boolean; findings: Finding[] } => {
    const message = `ports and variables were not written to ${input.file}: ${why}`
    return {
      written: false,
      findings: [...findings, { code, message, ...(hint === undefined ? {} : { hint }), details: { file: input.file } }],
    }
  }

  const file = findContainedPath(input.file)
  if (file === undefined) return refuse('ENV_OUT_OUTSIDE', 'it is not a path inside the worktree', 'correct envOut in the config')
  const symlink = await findSymlink(worktree, file)
  if (symlink !== undefined)
    return refuse('ENV_OUT_SYMLINK', `${join(worktree, symlink)} is a symlink, and what it leads to may be anywhere`)
  const path = join(worktree, file)
  const stats = await lstat(path).catch(() => undefined)
  if (stats !== undefined && !stats.isFile()) return refuse('ENV_OUT_NOT_A_FILE', 'what is there is not a regular file')
  const exposure = await findExposure(input, file)
  if (exposure === 'tracked')
    return refuse('ENV_OUT_TRACKED', 'git tracks it, so a commit would take them', 'set envOut to a file that is not tracked')
  if (exposure === 'not ignored')
    return refuse(
      'ENV_OUT_NOT_IGNORED',
      'a rule of the project keeps git from ignoring it, so a commit would take them',
      'set envOut to a file that is ignored',
    )

  const before = stats === undefined ? Buffer.alloc(0) : await readFile(path)
  const after = placeBlock(before, [`# session ${input.session}; these lines are replaced by flightrules`, ...lines])
  if (after.equals(before)) return { written: false, findings }
  const mode = stats === undefined ? 0o600 : stats.mode & 0o777
  await makeParents(worktree, file)
  await withStaging(worktree, path, async (aside) => {
    await replaceFile(aside, after, { mode: 0o600 })
    if (mode !== 0o600) await chmod(aside, mode)
    await withPinnedDirectory(worktree, posix.dirname(file), async (directory) => {
      reachFailpoint('rename:env-block')
      await rename(aside, join(directory, basename(path)))
    })
  })
  return { written: true, findings }
}

/** Makes git ignore the file where it does not yet; says what stands against it. */
async function findExposure(
  { git, worktree, commonDir }: EnvBlock,
  file: string,
): Promise<'tracked' | 'not ignored' | undefined> {
  const here = git.at(worktree)
  if ((await findIgnoredPaths(here, [file])).has(file)) return undefined
  if (await isTracked(here, file)) return 'tracked'
  const pattern = findExcludePattern(file)
  if (pattern !== undefined) await excludeFromStatus({ commonDir, patterns: [pattern] })
  return (await findIgnoredPaths(here, [file])).has(file) ? undefined : 'not ignored'
}

function unquotable(name: string, file: string): Finding {
  return {
    code: 'ENV_VALUE_NOT_WRITABLE',
    message: `${name} was not written to ${file}: dotenv, docker compose and sh would not all read its value the same; commands still get it`,
    hint: 'avoid a single quote together with " $ ` or \\, a backslash at the end, and carriage returns; names are letters, digits and _',
    details: { name },
  }
}
