import { realpath } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Environment } from '../git/environment.ts'
import type { Worktree } from '../git/worktrees.ts'
import { isWithin } from './find-session.ts'
import { isOwnLock } from './lock-reason.ts'

/**
 * The folder for worktrees of an agent that one is in: Claude Code has it in the project, Codex and Cursor in the person's home. undefined for
 * one elsewhere.
 */
export function findAgentFolder(path: string, agent?: 'claude'): string | undefined {
  const [, folder, name] = /^(.*[\\/]\.(claude|codex|cursor)[\\/]worktrees)[\\/]./s.exec(path) ?? []
  return agent === undefined || agent === name ? folder : undefined
}

/** Whether an agent made it, as far as its place and git's lock on it tell. */
export async function isMadeByAgent({ path, locked }: Pick<Worktree, 'path' | 'locked'>, env: Environment): Promise<boolean> {
  // a session may be called `cursor-fix`, and our own lock says so
  const theirs = locked === null || isOwnLock(locked) ? '' : locked
  if (findAgentFolder(path) !== undefined || /\b(?:claude|codex|cursor)\b/i.test(theirs)) return true
  return isInCodexHome(path, env)
}

/**
 * Whether the agent that made it removes old ones unasked, as Cursor (`cursor.worktreeMaxCount`) and Codex do. Claude Code locks the ones it
 * works in itself.
 */
export async function isSweptByAgent(path: string, env: Environment): Promise<boolean> {
  if (findAgentFolder(path, 'claude') !== undefined) return false
  return findAgentFolder(path) !== undefined || isInCodexHome(path, env)
}

async function isInCodexHome(path: string, env: Environment): Promise<boolean> {
  const home = env['CODEX_HOME']
  if (home === undefined || !isAbsolute(home)) return false
  const folder = await realpath(join(home, 'worktrees')).catch(() => undefined)
  return folder !== undefined && isWithin(folder, path)
}
