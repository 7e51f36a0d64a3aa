import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'

export interface MergePair {
  /** Names of commits, not of branches. */
  readonly ours: string
  readonly theirs: string
}

export interface Conflict {
  readonly path: string
  /** git's own stable word: `contents`, `modify/delete`, `rename/rename`, `binary`, `file/directory` … */
  readonly kind: string
}

export interface MergeOutcome {
  readonly clean: boolean
  /** The merged tree; with conflicts its files hold the markers. */
  readonly tree: string
  readonly conflicts: readonly Conflict[]
}

export interface MergeOptions {
  /** Where the merged trees go: into the repository, or nowhere (for questions). Default: `discard`. */
  readonly objects?: 'keep' | 'discard'
}

/**
 * Three-way merges of commits without any worktree, all in one git process, in the order asked.
 * Commits without a common ancestor are merged as if they had started from nothing.
 * @throws FlightRulesError COMMIT_NOT_FOUND before anything is merged.
 */
export async function mergeTrees(git: Git, pairs: readonly MergePair[], options: MergeOptions = {}): Promise<MergeOutcome[]> {
  if (pairs.length === 0) return []
  await requireCommits(git, pairs)
  const input = pairs.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join('')
  // without --messages the first clean merge of a batch silences the conflicts of all that follow
  const args = ['merge-tree', '--write-tree', '--stdin', '--messages', '--allow-unrelated-histories']
  const merge = (env: Readonly<Record<string, string>>): Promise<string> => git.read(args, { input, env })
  const output = options.objects === 'keep' ? await merge({}) : await withThrowAwayObjects(git, merge)
  const outcomes = parseMergeOutcomes(output)
  if (outcomes.length !== pairs.length) throw new Error(`git merge-tree answered ${outcomes.length} of ${pairs.length} merges`)
  return outcomes
}

/** Reads `git merge-tree --write-tree --stdin --messages`: NUL-ended fields, empty ones between the sections. */
export function parseMergeOutcomes(output: string): MergeOutcome[] {
  const fields = output.split('\0')
  const outcomes: MergeOutcome[] = []
  let position = 0
  const next = (): string => {
    const field = fields[position]
    if (field === undefined) throw new Error('the answer of git merge-tree ends in the middle')
    position += 1
    return field
  }
  while (position < fields.length - 1) {
    const clean = next() === '1'
    const tree = next()
    const paths = new Set<string>()
    for (let entry = next(); entry !== ''; entry = next()) paths.add(entry.slice(entry.indexOf('\t') + 1))
    const kinds = new Map<string, string>()
    for (let count = next(); count !== ''; count = next()) {
      const named = Array.from({ length: Number(count) }, next)
      const kind = /^CONFLICT \((.+)\)$/.exec(next())?.[1]
      next()
      if (kind === undefined) continue
      for (const path of named) if (!kinds.has(path)) kinds.set(path, kind)
    }
    const conflicts = [...paths].sort().map((path) => ({ path, kind: kinds.get(path) ?? 'unknown' }))
    outcomes.push({ clean, tree, conflicts })
  }
  return outcomes
}

/** One bad name ends a whole batch and takes the answers before it along. */
async function requireCommits(git: Git, pairs: readonly MergePair[]): Promise<void> {
  const names = [...new Set(pairs.flatMap(({ ours, theirs }) => [ours, theirs]))]
  const valid = names.every((name) => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name))
  const input = names.map((name) => `${name}\n`).join('')
  const answers = valid ? (await git.read(['cat-file', '--batch-check=%(objecttype)'], { input })).split('\n') : []
  const missing = names.find((_, index) => answers[index] !== 'commit')
  if (missing === undefined) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'COMMIT_NOT_FOUND',
    message: `${JSON.stringify(missing)} is not a commit of this repository`,
    details: { commit: missing },
  })
}

/** The repository's objects are read, new ones go to a directory that is thrown away. */
async function withThrowAwayObjects(git: Git, use: (env: Readonly<Record<string, string>>) => Promise<string>): Promise<string> {
  const objects = await git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'objects'])
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-objects-'))
  try {
    return await use({ GIT_OBJECT_DIRECTORY: directory, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoteAlternate(objects) })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Entries are separated by a delimiter a path may hold; one in double quotes, C-style, may hold anything. */
function quoteAlternate(path: string): string {
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}
