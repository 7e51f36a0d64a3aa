import type { Git } from './git.ts'
import type { TreeEntry } from './tree-changes.ts'

/** A path that is staged or modified. */
export interface TrackedChange {
  /** What the index has there; null where it has nothing, or only the intent to add. */
  readonly indexed: TreeEntry | null
  /** Whether the working tree has something there, as far as git follows it: what is only untracked is not. */
  readonly isThere: boolean
}

/** What `git status` says of one worktree; paths are relative to its root. */
export interface WorktreeStatus {
  /** Short branch name, null when detached. */
  readonly branch: string | null
  /** Commit checked out, null on an unborn branch. */
  readonly head: string | null
  /** Differs between HEAD and index. */
  readonly staged: readonly string[]
  /** Differs between index and working tree. */
  readonly modified: readonly string[]
  readonly untracked: readonly string[]
  /** In conflict. */
  readonly unmerged: readonly string[]
  /** Of those staged or modified, the ones that are gone, the old names of renamed files among them. */
  readonly deleted: readonly string[]
  /** Of those staged or modified, the ones the commit does not have, the new names of renamed files among them. */
  readonly added: readonly string[]
  /** What is staged or modified, by path. */
  readonly changes: ReadonlyMap<string, TrackedChange>
  /** Files and folders git was not let into, taken for unchanged and empty; folders end in a slash. */
  readonly unread: readonly string[]
}

/**
 * One `git status`, told to look for itself: no fsmonitor that may be stale, and every untracked file
 * whatever `status.showUntrackedFiles` says, and submodules whatever `ignore` says.
 */
export async function readStatus(git: Git, worktree: string): Promise<WorktreeStatus> {
  const args = [
    '-c',
    'core.fsmonitor=false',
    'status',
    '--porcelain=v2',
    '-z',
    '--branch',
    '--untracked-files=all',
    '--ignore-submodules=none',
  ]
  const { stdout, stderr } = await git.run(args, { cwd: worktree })
  return parseStatus(stdout, stderr)
}

/** Reads `git status --porcelain=v2 -z --branch`, and what it warned of. */
export function parseStatus(output: string, warnings = ''): WorktreeStatus {
  let branch: string | null = null
  let head: string | null = null
  const staged: string[] = []
  const modified: string[] = []
  const untracked: string[] = []
  const unmerged: string[] = []
  const deleted: string[] = []
  const added: string[] = []
  const changes = new Map<string, TrackedChange>()
  const fields = output.split('\0')
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? ''
    if (field.startsWith('# branch.oid ')) head = oidOrNull(field.slice('# branch.oid '.length))
    else if (field.startsWith('# branch.head ')) branch = branchOrNull(field.slice('# branch.head '.length))
    else if (field.startsWith('? ')) untracked.push(field.slice(2))
    else if (field.startsWith('u ')) unmerged.push(afterSpaces(field, 10))
    else if (field.startsWith('1 ') || field.startsWith('2 ')) {
      const path = afterSpaces(field, field.startsWith('1 ') ? 8 : 9)
      if (field[2] !== '.') staged.push(path)
      if (field[3] !== '.') modified.push(path)
      changes.set(path, readChange(field))
      if (field[2] === 'D' || field[3] === 'D') deleted.push(path)
      else if (field.startsWith('2 ') || field[2] === 'A' || field[3] === 'A') added.push(path)
      // a rename's old name is a field of its own, and so is what was copied, with which nothing happened
      if (field.startsWith('2 ')) {
        const source = fields[(index += 1)] ?? ''
        if (afterSpaces(field, 8).startsWith('C')) continue
        staged.push(source)
        deleted.push(source)
        if (!changes.has(source)) changes.set(source, { indexed: null, isThere: false })
      }
    }
  }
  return { branch, head, staged, modified, untracked, unmerged, deleted, added, changes, unread: listUnread(warnings) }
}

/** Every path with something that is not in a commit, each once, sorted. */
export function changedPaths(status: WorktreeStatus): string[] {
  return [...new Set([...status.staged, ...status.modified, ...status.untracked, ...status.unmerged])].sort()
}

/** Reads `XY sub mH mI mW hH hI …`: modes in HEAD, index and working tree, objects in HEAD and index; zeros are nothing. */
function readChange(field: string): TrackedChange {
  const [, , , , mode = '', inWorktree = '', , oid = ''] = field.split(' ', 8)
  return { indexed: isZero(mode) ? null : { mode, oid }, isThere: !isZero(inWorktree) }
}

function isZero(text: string): boolean {
  return /^0*$/.test(text)
}

/** The changed paths `git add --all` would look at: what was taken out of the index and is ignored or gone is not among them. */
export function pathsToAdd(status: WorktreeStatus): string[] {
  const others = new Set([...status.modified, ...status.untracked, ...status.unmerged])
  return changedPaths(status).filter((path) => others.has(path) || status.changes.get(path)?.isThere === true)
}

/** git goes on past what it may not open, with status 0 and a line that says so. */
function listUnread(warnings: string): string[] {
  const paths = warnings.split('\n').flatMap((line) => {
    const [, folder, file] =
      /^(?:warning: could not open directory '(.+)': .+|(?!\w+: )(.+): Permission denied)$/.exec(line) ?? []
    return folder ?? file ?? []
  })
  const folders = paths.filter((path) => path.endsWith('/'))
  return [...new Set(paths)].filter((path) => !folders.some((folder) => path !== folder && path.startsWith(folder))).sort()
}

function oidOrNull(text: string): string | null {
  return text === '(initial)' ? null : text
}

function branchOrNull(text: string): string | null {
  return text === '(detached)' ? null : text
}

/** The rest of a line after so many space-separated fields; paths may contain spaces themselves. */
function afterSpaces(line: string, count: number): string {
  let position = 0
  for (let seen = 0; seen < count; seen += 1) position = line.indexOf(' ', position) + 1
  return line.slice(position)
}
