import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { LockFile } from '../../git/lock-files.ts'
import { isWithin } from '../find-session.ts'
import { findProcessesIn } from '../live-processes.ts'

/** What sends git elsewhere than to the directory it runs in, among its variables and its words. */
const variables = /(?:^|\0)(?:GIT_DIR|GIT_WORK_TREE|GIT_INDEX_FILE|GIT_COMMON_DIR)=([^\0]*)/g
const words = /\0--(?:git-dir|work-tree)(?:=|\0)([^\0]*)/g

/**
 * Who may still be holding one of git's lock files, in words; null only when nobody of this machine can be. git closes the file before it
 * is done, so that no process has it open proves nothing as long as a git works in the repository, or in a place that cannot be seen.
 */
export async function findLockHolder(lock: LockFile, roots: readonly string[]): Promise<string | null> {
  if (process.getuid === undefined) return 'whether it is held cannot be seen on this system'
  // processes of others hide their files from us
  if (lock.uid !== process.getuid()) return 'another user made it, whose processes cannot be seen'
  const names: readonly string[] = await readdir('/proc').catch(() => [])
  return names.includes('self') ? findInProc(names, lock, roots) : findWithLsof(lock, roots)
}

async function findInProc(names: readonly string[], lock: LockFile, roots: readonly string[]): Promise<string | null> {
  const pids = names.filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const holders = await Promise.all(pids.map((pid) => judge(pid, lock, roots)))
  return holders.find((holder) => holder !== null) ?? null
}

async function judge(pid: string, lock: LockFile, roots: readonly string[]): Promise<string | null> {
  const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim()
  if (name === '') return null
  const who = `${name} (process ${pid})`
  const files = await listOpenFiles(pid)
  if (files.includes(lock.path)) return `${who} has it open`
  if (!/^git\b/.test(name)) return null
  const [cwd, environment, line] = await Promise.all([
    readlink(`/proc/${pid}/cwd`).catch(() => undefined),
    readFile(`/proc/${pid}/environ`, 'latin1').catch(() => undefined),
    readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => undefined),
  ])
  if (cwd === undefined || environment === undefined || line === undefined)
    return (await hasEnded(pid)) ? null : `where ${who} works cannot be seen`
  const named = [...environment.matchAll(variables), ...line.matchAll(words)].map(([, value = '']) => resolve(cwd, value))
  const isHere = [cwd, ...named].some((place) => roots.some((root) => isWithin(root, place)))
  return isHere ? `${who} is at work in this repository` : null
}

/** It is gone, or nobody has asked for its end yet. */
async function hasEnded(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat === '' || /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2))
}

async function listOpenFiles(pid: string): Promise<string[]> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
  return Promise.all(descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '')))
}

async function findWithLsof({ path }: LockFile, roots: readonly string[]): Promise<string | null> {
  const inside = await findProcessesIn(roots, 'thorough')
  if (inside === 'unknown') return 'whether it is held cannot be seen on this system'
  const git = inside.find(({ name }) => /^git\b/.test(name))
  if (git !== undefined) return `${git.name} (process ${git.pid}) is at work in this repository`
  try {
    // ends with 1 when nobody has it open, and then says nothing
    const { stdout } = await promisify(execFile)('lsof', ['-w', '-t', '--', path], { timeout: 10_000 })
    return `process ${stdout.trim().split('\n').join(', ')} has it open`
  } catch (error) {
    const { code, stdout } = error as { code?: number | string; stdout?: string }
    return code === 1 && stdout === '' ? null : 'whether it is held cannot be seen on this system'
  }
}
