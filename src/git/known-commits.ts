import type { Git } from './git.ts'

/** Those of the names that are full names of commits which are here. One git process. */
export async function findKnownCommits(
  git: Git,
  names: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Set<string>> {
  const full = [...new Set(names)].filter((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))
  if (full.length === 0) return new Set()
  const input = full.map((name) => `${name}\n`).join('')
  const answers = (await git.read(['cat-file', '--batch-check=%(objecttype)'], { input, env })).split('\n')
  return new Set(full.filter((_name, index) => answers[index] === 'commit'))
}
