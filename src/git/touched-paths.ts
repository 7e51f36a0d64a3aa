import type { Git } from './git.ts'

/** Paths each of these commits changes against its parent; merge commits change nothing of their own. One git process. */
export async function readTouchedPaths(git: Git, commits: readonly string[]): Promise<Map<string, readonly string[]>> {
  if (commits.length === 0) return new Map()
  const args = ['diff-tree', '--stdin', '-r', '-z', '--root', '--name-only', '--no-renames', '--format=%H']
  return parseTouchedPaths(await git.read(args, { input: `${commits.join('\n')}\n` }))
}

/** Reads the above: a commit closed by NUL, a newline, then its paths, each closed by NUL. */
export function parseTouchedPaths(output: string): Map<string, readonly string[]> {
  const touched = new Map<string, string[]>()
  let current: string[] = []
  const fields = output.split('\0')
  for (const [index, field] of fields.entries()) {
    const isCommit = /^[0-9a-f]{40,64}$/.test(field) && fields[index + 1]?.startsWith('\n') === true
    if (isCommit) {
      current = []
      touched.set(field, current)
    } else if (field !== '') {
      current.push(current.length === 0 ? field.slice(1) : field)
    }
  }
  return touched
}
