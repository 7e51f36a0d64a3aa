import { onlyAddsLines } from '../git/ancestry.ts'
import { type CommitGraph, findCommonAncestor, loadCommitGraph, reaches } from '../git/commit-graph.ts'
import type { Git } from '../git/git.ts'
import { findKnownCommits } from '../git/known-commits.ts'
import { type CustomMerges, listCustomMerges } from '../git/merge-drivers.ts'
import { type MergeOutcome, mergeTrees } from '../git/merge-tree.ts'
import { listDifferingPaths, type DifferingPath } from '../git/differing-paths.ts'
import { listReverted } from './find-reverted.ts'
import { hasLanded, type Integration, type IntegrationQuestion, type Landed } from './integration.ts'
import { onlyFollowed } from './only-followed.ts'
import { walkBases } from './walk-base.ts'

/** Merges of the base into the branch, one on top of the other, looked behind. */
const syncLimit = 20

/** What was found out about the same commits already. */
export interface KnownHistory {
  /** Loaded for every base, tip and start. */
  readonly graph: CommitGraph
  /** The trial merge of a tip into a base, where one was made. */
  readonly mergeOf: (base: string, tip: string) => MergeOutcome | undefined
}

/** As `findIntegrations`, of one branch. */
export async function findIntegration(git: Git, question: IntegrationQuestion): Promise<Integration> {
  return (await findIntegrations(git, [question]))[0] ?? null
}

/**
 * Whether the base has the work of a session, whoever merged it and however: fast-forward, merge, squash or rebase, also when the lines
 * were changed again since. The number of git processes does not grow with that of the questions, but for one each that a merge has
 * brought in. A commit that is not there makes the answer null, not an error.
 */
export async function findIntegrations(
  git: Git,
  questions: readonly IntegrationQuestion[],
  history?: KnownHistory,
): Promise<Integration[]> {
  const graph = history?.graph ?? (await loadHistory(git, questions))
  const known = graph.commits
  const mergeOf = history?.mergeOf ?? ((): undefined => undefined)
  const asked = questions.map((question) => ({
    ...question,
    start: question.start !== null && known.has(question.start) ? question.start : null,
  }))
  const isAnswerable = ({ base, tip }: IntegrationQuestion): boolean => known.has(base) && known.has(tip)
  const answers = await settleAll(git, { graph, mergeOf }, asked.filter(isAnswerable))
  let next = 0
  return asked.map((question) => (isAnswerable(question) ? (answers[next++] ?? null) : null))
}

/** What lies between the commits of the questions, as far as they are there. */
export async function loadHistory(git: Git, questions: readonly IntegrationQuestion[]): Promise<CommitGraph> {
  const ends = questions.flatMap(({ base, tip, start }) => [base, tip, ...(start === null ? [] : [start])])
  return loadCommitGraph(git, [...(await findKnownCommits(git, ends))])
}

async function settleAll(
  git: Git,
  history: KnownHistory,
  questions: readonly IntegrationQuestion[],
  depth = 0,
): Promise<Integration[]> {
  const { graph } = history
  const answers = new Map<IntegrationQuestion, Integration>()
  const ancestors = questions.filter((question) => isAncestorQuestion(graph, question))
  for (const question of questions) if (isUnmoved(graph, question)) answers.set(question, 'empty')
  const open = questions.filter((question) => !answers.has(question) && !ancestors.includes(question))
  for (const [question, answer] of await settleAncestors(git, graph, ancestors)) answers.set(question, answer)
  const alike = open.filter(({ base, tip }) => treeOf(graph, tip) === treeOf(graph, findCommonAncestor(graph, base, tip)))
  for (const [question, answer] of await lookBehindSyncs(git, history, alike, depth)) answers.set(question, answer)
  // a base that never went on has nothing of what came after it
  const apart = open.filter((question) => !alike.includes(question) && !reaches(graph, question.tip, question.base))
  for (const [question, answer] of await settleByMerging(git, history, apart)) answers.set(question, answer)
  return questions.map((question) => answers.get(question) ?? null)
}

function treeOf(graph: CommitGraph, commit: string | null): string | undefined {
  return commit === null ? undefined : graph.commits.get(commit)?.tree
}

/** It is where it began, or was set back behind that. */
function isUnmoved(graph: CommitGraph, { tip, start }: IntegrationQuestion): boolean {
  return start !== null && reaches(graph, start, tip)
}

function isAncestorQuestion(graph: CommitGraph, question: IntegrationQuestion): boolean {
  return !isUnmoved(graph, question) && reaches(graph, question.base, question.tip)
}

/** The tips are in their bases: merged, unless the branch only ever followed its base. */
async function settleAncestors(
  git: Git,
  graph: CommitGraph,
  questions: readonly IntegrationQuestion[],
): Promise<Map<IntegrationQuestion, Integration>> {
  const followed = await Promise.all(
    questions.map(async ({ start, ref }) => start === null || (ref !== undefined && (await onlyFollowed(git, ref)))),
  )
  const landed = questions.filter((_question, index) => followed[index] === false)
  const reverted = await listReverted(
    git,
    graph,
    landed.map(({ base, tip, start }) => ({ base, tip, start, how: 'ancestor' })),
  )
  return new Map([
    ...questions.map((question): [IntegrationQuestion, Integration] => [question, 'empty']),
    ...landed.map((question, index): [IntegrationQuestion, Integration] => [
      question,
      reverted[index] === true ? 'reverted' : { how: 'ancestor', into: question.base },
    ]),
  ])
}

/** A branch that took its base in after it was squashed there differs from it in nothing: what it was before decides. */
async function lookBehindSyncs(
  git: Git,
  history: KnownHistory,
  questions: readonly IntegrationQuestion[],
  depth: number,
): Promise<Map<IntegrationQuestion, Integration>> {
  const { graph } = history
  const answers = new Map<IntegrationQuestion, Integration>(questions.map((question) => [question, 'net-zero']))
  const behind = questions.flatMap((question) => {
    const [first, second] = graph.commits.get(question.tip)?.parents ?? []
    if (first === undefined || second === undefined || depth === syncLimit) return []
    if (!graph.commits.has(first) || !reaches(graph, question.base, second)) return []
    const { base, start } = question
    return [{ question, earlier: { base, tip: first, start } }]
  })
  if (behind.length === 0) return answers
  const found = await settleAll(
    git,
    history,
    behind.map(({ earlier }) => earlier),
    depth + 1,
  )
  for (const [index, { question }] of behind.entries()) {
    const before = found[index] ?? null
    if (before !== null && before !== 'empty') answers.set(question, before)
  }
  return answers
}

/** Work the base has under another name, if at all: found by merging it on trial. */
async function settleByMerging(
  git: Git,
  history: KnownHistory,
  questions: readonly IntegrationQuestion[],
): Promise<Map<IntegrationQuestion, Integration>> {
  const { graph } = history
  const related = questions.flatMap((question) => {
    const mergeBase = findCommonAncestor(graph, question.base, question.tip)
    return mergeBase === null ? [] : [{ question, mergeBase }]
  })
  if (related.length === 0) return new Map()
  const changes = await listDifferingPaths(
    git,
    related.map(({ question, mergeBase }) => ({ from: mergeBase, to: question.tip })),
  )
  const asked = related.map(({ question, mergeBase }, index) => ({ ...question, mergeBase, changes: changes[index] ?? [] }))
  const found = await findByMerging(git, history, asked)
  const doubtful = await listDoubtful(git, asked, found)
  const proven = await findByMerging(git, { graph, mergeOf: () => undefined }, doubtful.asked, doubtful.plain)
  const settled = asked.map((one, index) => {
    const at = doubtful.asked.indexOf(one)
    return at === -1 ? (found[index] ?? null) : (proven[at] ?? null)
  })
  const walked = asked.filter((_one, index) => settled[index]?.how === 'walk')
  const reverted = await listReverted(
    git,
    graph,
    walked.map((one) => ({ ...one, how: 'walk' })),
  )
  return new Map(
    related.map(({ question }, index) => {
      const at = asked[index] === undefined ? -1 : walked.indexOf(asked[index])
      return [question, at !== -1 && reverted[at] === true ? 'reverted' : (settled[index] ?? null)]
    }),
  )
}

interface Asked extends IntegrationQuestion {
  readonly mergeBase: string
  readonly changes: readonly DifferingPath[]
}

async function findByMerging(
  git: Git,
  { graph, mergeOf }: KnownHistory,
  asked: readonly Asked[],
  settings: readonly string[] = [],
): Promise<(Landed | null)[]> {
  const unmerged = asked.filter(({ base, tip }) => mergeOf(base, tip) === undefined)
  const pairs = unmerged.map(({ base, tip }) => ({ ours: base, theirs: tip }))
  const merges = await mergeTrees(git, pairs, { commits: 'known', settings })
  const isSame = asked.map((one) => {
    const merge = mergeOf(one.base, one.tip) ?? merges[unmerged.indexOf(one)]
    return merge?.clean === true && merge.tree === treeOf(graph, one.base)
  })
  const others = asked.filter((_one, index) => isSame[index] !== true)
  const found = await walkBases(git, graph, others, settings)
  return asked.map((one, index) => {
    if (isSame[index] === true) return { how: 'same-tree', into: one.base }
    const into = found[others.indexOf(one)]
    return into === undefined || into === null ? null : { how: 'walk', into }
  })
}

/** What was found with the help of a merge driver that may keep one side is found again without it, or not at all. */
async function listDoubtful(
  git: Git,
  asked: readonly Asked[],
  found: readonly (Landed | null)[],
): Promise<{ asked: Asked[]; plain: readonly string[] }> {
  const landed = asked.filter((_one, index) => hasLanded(found[index] ?? null))
  const paths = [...new Set(landed.flatMap(({ changes }) => changes.map(({ path }) => path)))]
  const custom = await listCustomMerges(git, paths)
  const isDoubtful = await Promise.all(landed.map((one) => isBelievedOnly(git, one, custom)))
  return { asked: landed.filter((_one, index) => isDoubtful[index]), plain: custom.plain }
}

/** A driver decided about one of its files that may hide what is missing. */
async function isBelievedOnly(git: Git, { mergeBase, tip, changes }: Asked, { paths, additive }: CustomMerges): Promise<boolean> {
  const own = changes.map(({ path }) => path).filter((path) => paths.has(path))
  if (own.length === 0) return false
  return own.some((path) => !additive.has(path)) || !(await onlyAddsLines(git, mergeBase, tip, own))
}
