import { FlightRulesError } from '../errors.ts'
import { type ConflictKind, toConflictKind } from './conflict-kind.ts'
import type { Git } from './git.ts'
import { findKnownCommits } from './known-commits.ts'
import { type ScratchObjects, withScratchObjects } from './scratch-objects.ts'

export interface MergePair {
  /** Names of commits, not of branches. */
  readonly ours: string
  readonly theirs: string
}

export interface Conflict {
  readonly path: string
  readonly kind: ConflictKind
}

export interface MergeOutcome {
  readonly clean: boolean
  /** The merged tree; with conflicts its files hold the markers. */
  readonly tree: string
  readonly conflicts: readonly Conflict[]
}

export interface MergeOptions {
  /** Where the merged trees go: into the repository, nowhere (for questions), or to objects that are thrown away later. Default: `discard`. */
  readonly objects?: 'keep' | 'discard' | ScratchObjects
  /** `apart`: a file is merged with the one of the same name and no other, whatever was renamed. Default: as git is configured. */
  readonly renames?: 'followed' | 'apart'
  /** `known`: the caller has them from git a moment ago. Default: `check`. */
  readonly commits?: 'check' | 'known'
  /** Settings of git for this merge alone: `merge.x.driver=…`. */
  readonly settings?: readonly string[]
}

/**
 * Three-way merges of commits without any worktree, all in one git process, in the order asked.
 * Commits without a common ancestor are merged as if they had started from nothing.
 * @throws FlightRulesError COMMIT_NOT_FOUND before anything is merged.
 */
export async function mergeTrees(git: Git, pairs: readonly MergePair[], options: MergeOptions = {}): Promise<MergeOutcome[]> {
  if (pairs.length === 0) return []
  const { objects = 'discard' } = options
  if (options.commits !== 'known') await requireCommits(git, pairs, typeof objects === 'string' ? {} : objects.env)
  const input = pairs.map(({ ours, theirs }) => `${ours} ${theirs}\n`).join('')
  // without --messages the first clean merge of a batch silences the conflicts of all that follow
  const apart = options.renames === 'apart' ? ['-c', 'merge.renames=false', '-c', 'merge.directoryRenames=false'] : []
  const settings = (options.settings ?? []).flatMap((setting) => ['-c', setting])
  const args = [...apart, ...settings, 'merge-tree', '--write-tree', '--stdin', '--messages', '--allow-unrelated-histories']
  const merge = ({ env }: Pick<ScratchObjects, 'env'>): Promise<string> => git.read(args, { input, env })
  const output = await (objects === 'discard'
    ? withScratchObjects(git, merge)
    : merge(objects === 'keep' ? { env: {} } : objects))
  const outcomes = parseMergeOutcomes(output)
  if (outcomes.length !== pairs.length) throw new Error(`git merge-tree answered ${outcomes.length} of ${pairs.length} merges`)
  return outcomes.map((outcome, index) => ({ ...outcome, conflicts: nameAsInTree(outcome.conflicts, pairs[index]) }))
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
    const stages = new Map<string, Set<number>>()
    for (let entry = next(); entry !== ''; entry = next()) {
      const tab = entry.indexOf('\t')
      const path = entry.slice(tab + 1)
      stages.set(path, (stages.get(path) ?? new Set()).add(Number(entry[tab - 1])))
    }
    const kinds = new Map<string, string>()
    // of submodules git has advice for people, in front of the NUL that ends the section
    for (let count = next(); /^\d+$/.test(count); count = next()) {
      const named = Array.from({ length: Number(count) }, next)
      const kind = /^CONFLICT \((.+)\)$/.exec(next())?.[1]
      next()
      if (kind === undefined) continue
      for (const path of named) if (!kinds.has(path)) kinds.set(path, kind)
    }
    const conflicts = [...stages.keys()]
      .sort()
      .map((path) => ({ path, kind: toConflictKind(kinds.get(path), stages.get(path) ?? new Set()) }))
    outcomes.push({ clean, tree, conflicts })
  }
  return outcomes
}

/** Where a file and a folder, or two types, want one path, git puts one beside it, named after the commit; people know it by its own name. */
function nameAsInTree(conflicts: readonly Conflict[], pair: MergePair | undefined): Conflict[] {
  const beside = new RegExp(`~(?:${pair?.ours ?? ''}|${pair?.theirs ?? ''})(?:_\\d+)?$`)
  const named = new Map<string, Conflict>()
  for (const { path, kind } of conflicts) {
    const own = path.replace(beside, '')
    if (!named.has(own)) named.set(own, { path: own, kind })
  }
  return [...named.values()]
}

/** One bad name ends a whole batch and takes the answers before it along. */
async function requireCommits(git: Git, pairs: readonly MergePair[], env: Readonly<Record<string, string>>): Promise<void> {
  const names = [...new Set(pairs.flatMap(({ ours, theirs }) => [ours, theirs]))]
  const known = await findKnownCommits(git, names, env)
  const missing = names.find((name) => !known.has(name))
  if (missing === undefined) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'COMMIT_NOT_FOUND',
    message: `${JSON.stringify(missing)} is not a commit of this repository`,
    details: { commit: missing },
  })
}
