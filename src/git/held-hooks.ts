import { unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { resolveExisting } from '../files/real-path.ts'
import type { Git } from './git.ts'
import { overrideRelativeDrivers } from './relative-drivers.ts'
import { areHooksHeld, heldSettings, noHooks } from './no-hooks.ts'

/**
 * From now on git runs no hook, no fsmonitor and no filter or driver that is in its files in this worktree, whoever calls it: with a relative `core.hooksPath`, as husky's, they
 * would be those of whoever wrote the branch. The shared configuration gets one conditional include, of a file that goes with the worktree.
 * @throws FlightRulesError HOOKS_NOT_HELD where another setting counts more.
 */
export async function holdHooks(git: Git, commonDir: string, gitDir: string): Promise<void> {
  const file = join(gitDir, heldSettings)
  await git.run(['config', '--file', file, 'core.hooksPath', noHooks(commonDir)])
  await git.run(['config', '--file', file, 'core.fsmonitor', 'false'])
  const head = await git.run(['rev-parse', '--verify', '--quiet', 'HEAD'], { env: { GIT_DIR: gitDir }, accept: [0, 1] })
  for (const { key, value } of await overrideRelativeDrivers(git, head.status === 0 ? head.stdout.trim() : null))
    await git.run(['config', '--file', file, key, value])
  let effective = ''
  for (const { key, value } of await includesOf(gitDir)) {
    const { stdout } = await git.run(['config', '-z', '--local', '--get-all', key], { accept: [0, 1] })
    if (!stdout.split('\0').includes(value)) await git.run(['config', '--local', '--add', key, value])
    effective = (await git.read(['config', '--get', 'core.hooksPath'], { env: { GIT_DIR: gitDir } })).replace(/\n$/, '')
    if (effective === noHooks(commonDir)) return forgetGone(git, commonDir)
  }
  throw notHeld(effective)
}

/** Lines of worktrees that are gone mean nothing; they are taken out when another one is written. */
async function forgetGone(git: Git, commonDir: string): Promise<void> {
  const pattern = String.raw`^includeif\.gitdir(/i)?:.*\.path$`
  const { stdout } = await git.run(['config', '-z', '--local', '--get-regexp', pattern], { accept: [0, 1] })
  for (const entry of stdout.split('\0')) {
    const end = entry.indexOf('\n')
    const [key, file] = [entry.slice(0, end), entry.slice(end + 1)]
    if (end === -1 || basename(file) !== heldSettings || (await areHooksHeld(dirname(resolve(commonDir, file))))) continue
    await git.run(['config', '--local', '--unset-all', key], { accept: [0, 5] })
  }
}

/** Takes that back. Without the file the include means nothing, so it goes first. */
export async function releaseHooks(git: Git, gitDir: string): Promise<void> {
  await unlink(join(gitDir, heldSettings)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  // 5: there is none
  for (const { key } of await includesOf(gitDir)) await git.run(['config', '--local', '--unset-all', key], { accept: [0, 5] })
}

/**
 * Ways to say it, the better one first: by where the configuration is, which still holds when the project was moved or is seen at another
 * place; and by the whole path, where the configuration is a link to elsewhere.
 */
async function includesOf(gitDir: string): Promise<{ key: string; value: string }[]> {
  const path = await resolveExisting(gitDir)
  const near = `${basename(dirname(path))}/${basename(path)}`
  return [
    { key: includeKey(`./${near}`), value: `${near}/${heldSettings}` },
    { key: includeKey(path), value: join(gitDir, heldSettings) },
  ]
}

/** The condition is a pattern: what is special in one is none in a path; a line end, which no key of git's may have, is any character. */
function includeKey(path: string): string {
  const isWindows = process.platform === 'win32'
  const pattern = (isWindows ? path.replaceAll('\\', '/') : path).replace(/[*?[\]\\]/g, '\\$&').replaceAll('\n', '?')
  return `includeIf.gitdir${isWindows ? '/i' : ''}:${pattern}.path`
}

function notHeld(hooksPath: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'HOOKS_NOT_HELD',
    message: `git would run the hooks in ${JSON.stringify(hooksPath)} on somebody else's work: a setting of a worktree's own says so, and counts more than what would switch them off`,
    hint: 'git config --show-origin --get-all core.hooksPath',
    details: { hooksPath },
  })
}
