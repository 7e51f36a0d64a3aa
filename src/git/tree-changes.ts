import type { Git } from './git.ts'

/** One side of a path: how git stores it. */
export interface TreeEntry {
  /** `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  readonly mode: string
  readonly oid: string
}

/** A path in which two trees differ, null on the side that does not have it. */
export interface TreeChange {
  readonly path: string
  readonly from: TreeEntry | null
  readonly to: TreeEntry | null
}

/** Every path in which two commits or trees differ; a renamed file counts with both names. */
export async function listTreeChanges(git: Git, from: string, to: string): Promise<TreeChange[]> {
  return parseTreeChanges(await git.read(['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', from, to, '--']))
}

/** Reads `diff-tree -r -z --raw`: `:<mode> <mode> <oid> <oid> <letter>`, then the path. */
export function parseTreeChanges(output: string): TreeChange[] {
  const fields = output.split('\0')
  const changes: TreeChange[] = []
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [fromMode = '', toMode = '', fromOid = '', toOid = ''] = (fields[index] ?? '').slice(1).split(' ')
    changes.push({ path: fields[index + 1] ?? '', from: entry(fromMode, fromOid), to: entry(toMode, toOid) })
  }
  return changes
}

function entry(mode: string, oid: string): TreeEntry | null {
  return /^0+$/.test(mode) ? null : { mode, oid }
}

/** Whether a name came through reading as it is: one that is no UTF-8 did not, and would be another file's. */
export function isReadable({ path }: Pick<TreeChange, 'path'>): boolean {
  return !path.includes('\uFFFD')
}
