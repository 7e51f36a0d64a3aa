import { readFile, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { findBlockLines, placeBlock } from '../files/marked-block.ts'
import { replaceFile } from '../files/replace-file.ts'

/** A pattern that matches exactly this path, seen from the top of a worktree. undefined: the syntax cannot name it. */
export function findExcludePattern(path: string): string | undefined {
  if (/[\n\r\0]/.test(path)) return undefined
  return `/${path.replace(/[\\*?[]/g, '\\$&').replace(/ $/, '\\ ')}`
}

/**
 * Adds patterns to our block in `<commonDir>/info/exclude`, which holds for the main and every linked worktree.
 * True when the file was changed.
 * @throws the file system's error when it cannot be written.
 */
export async function excludeFromStatus(input: { commonDir: string; patterns: readonly string[] }): Promise<boolean> {
  const named = join(input.commonDir, 'info', 'exclude')
  // some people link theirs to a file of their own: what it leads to is replaced, the link stays
  const file = await realpath(named).catch(() => named)
  // another process may replace the file between our reading and writing: look again until ours are in
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0)
      throw error
    })
    const present = findBlockLines(bytes) ?? []
    const missing = [...new Set(input.patterns)].filter((pattern) => !present.includes(pattern))
    if (missing.length === 0) return attempt > 0
    await replaceFile(file, placeBlock(bytes, [...present, ...missing]))
  }
  return true
}
