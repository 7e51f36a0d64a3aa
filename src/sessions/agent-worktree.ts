import { realpath } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { Environment } from '../git/environment.ts'
import type { Worktree } from '../git/worktrees.ts'
import { isWithin } from './find-session.ts'

/**
 * The folder for worktrees of an agent that one is in: Claude Code has it in the project, Codex and Cursor in the person's home. undefined for
 * one elsewhere.
 */
export function findAgentFolder(path: string): string | undefined {
  return /^(.*[\\/]\.(?:claude|codex|cursor)[\\/]worktrees)[\\/]./s.exec(path)?.[1]
}

/** Whether an agent made it, as far as its place and git's lock on it tell. */
export async function isMadeByAgent({ path, locked }: Pick<Worktree, 'path' | 'locked'>, env: Environment): Promise<boolean> {
  if (findAgentFolder(path) !== undefined || /\b(?:claude|codex|cursor)\b/i.test(locked ?? '')) return true
  const home = env['CODEX_HOME']
  if (home === undefined || !isAbsolute(home)) return false
  const folder = await realpath(join(home, 'worktrees')).catch(() => undefined)
  return folder !== undefined && isWithin(folder, path)
}
