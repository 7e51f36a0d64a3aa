import type { Git } from './git.ts'

export interface ChangedFile {
  readonly path: string
  /** Lines; null for a binary file. */
  readonly insertions: number | null
  readonly deletions: number | null
}

/** What two commits differ in, file by file; a renamed file is one that went and one that came. */
export async function listChangedFiles(git: Git, from: string, to: string): Promise<ChangedFile[]> {
  return parseNumstat(
    await git.read(['diff-tree', '-r', '-z', '--numstat', '--no-renames', '--no-ext-diff', '--no-textconv', from, to]),
  )
}

/** Reads `added TAB deleted TAB path NUL`; a dash stands where lines are not counted. */
export function parseNumstat(output: string): ChangedFile[] {
  return output.split('\0').flatMap((entry) => {
    const [, added, deleted, path] = /^(\d+|-)\t(\d+|-)\t(.+)$/s.exec(entry) ?? []
    if (path === undefined) return []
    const count = (text: string | undefined): number | null => (text === undefined || text === '-' ? null : Number(text))
    return [{ path, insertions: count(added), deletions: count(deleted) }]
  })
}
