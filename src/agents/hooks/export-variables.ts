import { appendFile, lstat, readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { findBlockLines, holdsBlockMarker, placeBlock } from '../../files/marked-block.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { Context } from '../../sessions/context.ts'
import { sessionEnvBlock, sessionFacts } from '../../sessions/session-environment.ts'
import type { Session } from '../../sessions/session.ts'

/** Puts the session's ports and declared variables where the agent reads the environment of its shell from; what is there stays. False where that is no plain file. */
export async function exportVariables(context: Context, session: Session, worktree: string, file: string): Promise<boolean> {
  if (!isAbsolute(file)) return false
  const stats = await lstat(file).catch(() => undefined)
  if (stats !== undefined && !stats.isFile()) return false
  const variables = { ...sessionEnvBlock(context, session, worktree), ...sessionFacts(context, session, worktree) }
  const lines = Object.entries(variables).flatMap(([name, value]) => toExport(name, value))
  const present = stats === undefined ? Buffer.alloc(0) : await readFile(file)
  const before = findBlockLines(present)
  if (before !== undefined && isDeepStrictEqual(before, lines)) return true
  if (before !== undefined) await replaceFile(file, placeBlock(present, lines))
  else {
    // other hooks append to it at the same time, and go on where this ends
    const gap = present.length === 0 || present.at(-1) === 0x0a ? '' : '\n'
    await appendFile(file, `${gap}${placeBlock(Buffer.alloc(0), lines).toString()}`, { mode: 0o600 })
  }
  return true
}

/** The whole value in quotes, whatever it is; nothing for what a shell could take for something else. */
function toExport(name: string, value: string): string[] {
  if (!/^[A-Za-z_]\w*$/.test(name) || value.includes('\0') || holdsBlockMarker(value)) return []
  return [`export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`]
}
