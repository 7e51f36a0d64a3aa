import { type CommitGraph, reaches } from '../git/commit-graph.ts'
import type { Git } from '../git/git.ts'
import { type Integration, type IntegrationQuestion, hasLanded, type Landed } from './integration.ts'
import { findIntegrations, type KnownHistory, loadHistory } from './is-integrated.ts'

export interface WorkQuestion extends IntegrationQuestion {
  /** What the base follows on a remote, as it was last seen; null when it follows nothing. */
  readonly upstream: string | null
}

/** As an integration; where the work has landed, `where` says in which of the two. */
export type WorkVerdict = Exclude<Integration, Landed> | (Landed & { readonly where: 'base' | 'upstream' })

/** The questions one of these comes to: of the base here, and of what it follows where that is another commit. */
export function toQuestions({ upstream, ...question }: WorkQuestion): IntegrationQuestion[] {
  return upstream === null || upstream === question.base ? [question] : [question, { ...question, base: upstream }]
}

/**
 * Whether the work of sessions is in their base, here or on the remote it follows: a request is merged there first, and a pull that merges
 * may hide it from who looks at the base alone. Whether it was taken back is told by the
 * side that has the other in it.
 */
export async function judgeWork(git: Git, works: readonly WorkQuestion[], history?: KnownHistory): Promise<WorkVerdict[]> {
  const sides = works.map(toQuestions)
  const known = history ?? { graph: await loadHistory(git, sides.flat()), mergeOf: () => undefined }
  const answers = await findIntegrations(git, sides.flat(), known)
  let next = 0
  return works.map(({ base, upstream }, index) => {
    const own = answers.slice(next, (next += sides[index]?.length ?? 0))
    const [here = null, there = null] = own
    return upstream === null || own.length < 2
      ? asVerdict(here, 'base')
      : unite(here, there, compare(known.graph, base, upstream))
  })
}

/** Which of the two has the other in it. */
function compare(graph: CommitGraph, base: string, upstream: string): 'base' | 'upstream' | 'neither' {
  if (reaches(graph, base, upstream)) return 'base'
  return reaches(graph, upstream, base) ? 'upstream' : 'neither'
}

function unite(here: Integration, there: Integration, later: 'base' | 'upstream' | 'neither'): WorkVerdict {
  const isBack = later === 'neither' ? [here, there].includes('reverted') : (later === 'base' ? here : there) === 'reverted'
  if (isBack) return 'reverted'
  if (hasLanded(here)) return asVerdict(here, 'base')
  if (hasLanded(there)) return asVerdict(there, 'upstream')
  return there === 'reverted' ? there : here
}

function asVerdict(integration: Integration, where: 'base' | 'upstream'): WorkVerdict {
  return hasLanded(integration) ? { ...integration, where } : integration
}
