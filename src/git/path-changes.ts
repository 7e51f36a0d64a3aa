import type { Git } from './git.ts'

/** What became of a path between two commits. */
export interface PathChange {
  readonly path: string
  /** `renamed`: it has its content from `from`, which is gone. */
  readonly how: 'added' | 'modified' | 'deleted' | 'renamed'
  readonly from?: string
}

export interface ChangeQuestion {
  /** Commits. */
  readonly from: string
  readonly to: string
}

/** The paths in which each pair of commits differs, renames found, in the order asked. One git process. */
export async function listPathChanges(
  git: Git,
  questions: readonly ChangeQuestion[],
  env: Readonly<Record<string, string>> = {},
): Promise<PathChange[][]> {
  if (questions.length === 0) return []
  // a commit followed by another one is compared with that in its parent's place
  const input = questions.map(({ from, to }) => `${to} ${from}\n`).join('')
  const args = ['diff-tree', '--stdin', '--always', '-r', '-z', '--name-status', '-M']
  const changes = parsePathChanges(await git.read(args, { input, env }))
  if (changes.length !== questions.length)
    throw new Error(`git diff-tree answered ${changes.length} of ${questions.length} questions`)
  return changes
}

/** Reads the above: a commit, then a letter and a path (a rename: two) for each change; every field closed by NUL. */
export function parsePathChanges(output: string): PathChange[][] {
  const fields = output.split('\0')
  const answers: PathChange[][] = []
  for (let index = 0; index + 1 < fields.length; index += 1) {
    const field = fields[index] ?? ''
    if (/^[0-9a-f]{40,64}$/.test(field)) {
      answers.push([])
      continue
    }
    const path = fields[index + 1] ?? ''
    index += 1
    if (field.startsWith('R')) {
      index += 1
      answers.at(-1)?.push({ path: fields[index] ?? '', how: 'renamed', from: path })
    } else answers.at(-1)?.push({ path, how: field === 'A' ? 'added' : field === 'D' ? 'deleted' : 'modified' })
  }
  return answers
}
