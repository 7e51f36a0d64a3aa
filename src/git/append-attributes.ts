import { findBlockLines, placeBlock, removeBlock } from '../files/marked-block.ts'
import { changeInfoFile, readInfoFile } from './info-file.ts'

/** The line of git's attributes that merges what this glob means, seen from the top of a worktree, by keeping the lines of both sides. */
export function toUnionLine(glob: string): string {
  const pattern = `/${glob.replace(/^(?:\.\/)+/, '')}${glob.endsWith('/') ? '**' : ''}`
  // in quotes git reads a pattern as C does, and a blank does not end it
  const quoted = /[\s"]/.test(pattern) ? `"${pattern.replaceAll('"', '\\"')}"` : pattern
  return `${quoted} merge=union`
}

/**
 * Makes our block in `<commonDir>/info/attributes` hold exactly these lines, or not be there where there are none; all other lines stay.
 * git reads the file for the main and every linked worktree, in a bare repository too.
 * @returns whether the file was changed.
 * @throws the file system's error when it cannot be written.
 */
export function placeAttributes(commonDir: string, lines: readonly string[]): Promise<boolean> {
  return changeInfoFile(commonDir, 'attributes', (bytes) => {
    if (hasLines(bytes, lines)) return undefined
    return lines.length === 0 ? removeBlock(bytes) : placeBlock(bytes, lines)
  })
}

/** Whether our block there holds exactly these lines. */
export async function holdsAttributes(commonDir: string, lines: readonly string[]): Promise<boolean> {
  return hasLines(await readInfoFile(commonDir, 'attributes'), lines)
}

function hasLines(bytes: Buffer, lines: readonly string[]): boolean {
  const present = findBlockLines(bytes)
  if (present === undefined) return lines.length === 0
  return lines.length > 0 && present.length === lines.length && present.every((line, index) => line === lines[index])
}
