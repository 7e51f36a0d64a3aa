/** What two sides disagree about in a file. */
export type ConflictKind =
  | 'content'
  | 'add/add'
  | 'binary'
  | 'modify/delete'
  | 'rename'
  | 'file/directory'
  | 'mode'
  | 'submodule'
  | 'other'

/** git's own words for kinds of conflicts, as `git merge-tree -z` has them in brackets; these are stable, the sentences after them are not. */
const kinds: Readonly<Record<string, ConflictKind>> = {
  contents: 'content',
  binary: 'binary',
  'modify/delete': 'modify/delete',
  'rename/rename': 'rename',
  'rename/delete': 'rename',
  'rename involved in collision': 'rename',
  'directory rename suggested': 'rename',
  'directory rename unclear split': 'rename',
  'implicit dir rename': 'rename',
  'file/directory': 'file/directory',
  'distinct modes': 'mode',
}

/**
 * @param word what git called it, without the brackets; undefined where it said nothing of this path.
 * @param stages the sides of the path that are in the merged index: 1 is the common ancestor.
 */
export function toConflictKind(word: string | undefined, stages: ReadonlySet<number>): ConflictKind {
  if (word?.startsWith('submodule') === true) return 'submodule'
  // two new files of one name are called a conflict of contents too
  if (word === 'contents' && !stages.has(1) && stages.has(2) && stages.has(3)) return 'add/add'
  return (word === undefined ? undefined : kinds[word]) ?? 'other'
}
