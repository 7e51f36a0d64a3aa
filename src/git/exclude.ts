import { findBlockLines, placeBlock } from '../files/marked-block.ts'
import { changeInfoFile } from './info-file.ts'

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
  return changeInfoFile(input.commonDir, 'exclude', (bytes) => addPatterns(bytes, input.patterns))
}

/** The file with the patterns in our block, undefined when they are there. */
function addPatterns(bytes: Buffer, patterns: readonly string[]): Buffer | undefined {
  const present = findBlockLines(bytes) ?? []
  const missing = [...new Set(patterns)].filter((pattern) => !present.includes(pattern))
  return missing.length === 0 ? undefined : placeBlock(bytes, [...present, ...missing])
}
