import type { Git } from './git.ts'

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
  return parseStatus(await git.read(args, { cwd: worktree }))
}

/** Reads `git status --porcelain=v2 -z --branch`. */
export function parseStatus(output: string): WorktreeStatus {
  let branch: string | null = null
  let head: string | null = null
  const staged: string[] = []
  const modified: string[] = []
  const untracked: string[] = []
  const unmerged: string[] = []
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
      // a rename's old name is a field of its own
      if (field.startsWith('2 ')) {
        index += 1
        staged.push(fields[index] ?? '')
      }
    }
  }
  return { branch, head, staged, modified, untracked, unmerged }
}

/** Every path with something that is not in a commit, each once, sorted. */
export function changedPaths(status: WorktreeStatus): string[] {
  return [...new Set([...status.staged, ...status.modified, ...status.untracked, ...status.unmerged])].sort()
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
