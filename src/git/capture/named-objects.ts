import type { Git } from '../git.ts'

export interface NamedObjects {
  readonly commits: readonly string[]
  readonly trees: readonly string[]
  readonly blobs: readonly string[]
  readonly tags: readonly string[]
}

/** More than any list of steps or reflog needs; what is beyond is somebody's text. */
const maxNames = 20_000

/**
 * The objects that texts from a worktree's git directory name: HEAD and the like, the reflog, the steps of a rebase, the ends of a
 * bisect. Short names count only where git writes them.
 */
export async function findNamedObjects(
  git: Git,
  texts: readonly { readonly text: string; readonly names: 'full' | 'short' }[],
): Promise<NamedObjects> {
  const names = new Set<string>()
  for (const { text, names: kind } of texts) {
    const pattern = kind === 'full' ? /\b(?:[0-9a-f]{64}|[0-9a-f]{40})\b/g : /\b[0-9a-f]{7,64}\b/g
    for (const [name] of text.matchAll(pattern)) if (!/^0+$/.test(name) && names.size < maxNames) names.add(name)
  }
  if (names.size === 0) return { commits: [], trees: [], blobs: [], tags: [] }
  const input = [...names, ''].join('\n')
  const output = await git.read(['--no-replace-objects', 'cat-file', '--batch-check=%(objectname) %(objecttype)'], { input })
  const lines = output.split('\n').map((line) => line.split(' '))
  const ofType = (wanted: string): string[] => [...new Set(lines.flatMap(([oid = '', type]) => (type === wanted ? [oid] : [])))]
  return { commits: ofType('commit'), trees: ofType('tree'), blobs: ofType('blob'), tags: ofType('tag') }
}

/** Those of the commits that no other commit given here, and not `head`, has among its ancestors. */
export async function withoutAncestors(git: Git, commits: readonly string[], head: string | null): Promise<string[]> {
  if (commits.length === 0) return []
  const input = [...commits, ...(head === null ? [] : [`^${head}`]), ''].join('\n')
  const output = await git.read(['--no-replace-objects', 'rev-list', '--parents', '--stdin'], { input })
  const lines = output.split('\n').map((line) => line.split(' '))
  const present = new Set(lines.map(([commit]) => commit))
  const parents = new Set(lines.flatMap(([, ...parents]) => parents))
  return commits.filter((commit) => present.has(commit) && !parents.has(commit))
}
