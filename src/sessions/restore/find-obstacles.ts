import { lstat } from 'node:fs/promises'
import { type BranchTips, listBranchTips } from '../../git/branches.ts'
import { requireBranchUnused } from '../../git/require-branch-unused.ts'
import { FlightRulesError } from '../../errors.ts'
import { quotePath } from '../../files/quote-path.ts'
import { findTakenName } from '../check-start.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'
import { findNameProblem } from '../name.ts'

/** What a session would have again. */
export interface Place {
  readonly id: string
  readonly path: string
  readonly branch: string | null
  /** What the branch would point to. */
  readonly tip: string | null
  /** What it may point to now; it is then moved on. */
  readonly earlier: string | null
}

/** Why it cannot have them: nothing that is there is ever overwritten. Empty when it can. */
export async function findObstacles(context: Context, set: SessionSet, place: Place, tips?: BranchTips): Promise<string[]> {
  const { id, path, branch } = place
  const obstacles: string[] = []
  const problem = findNameProblem(id)
  const taken = findTakenName(id, set)
  if (problem !== undefined) obstacles.push(`${JSON.stringify(id)} cannot be a session's name: ${problem}`)
  if (taken !== undefined) obstacles.push(`there is a session ${taken}`)
  if ((await lstat(path).catch(() => undefined)) !== undefined) obstacles.push(`there is something at ${quotePath(path)}`)
  if (branch !== null) obstacles.push(...(await findBranchObstacles(context, place, branch, tips)))
  return obstacles
}

async function findBranchObstacles(
  context: Context,
  { tip, earlier }: Place,
  branch: string,
  known: BranchTips | undefined,
): Promise<string[]> {
  const tips = known ?? (await listBranchTips(context.git, ['refs/heads']))
  const present = tips.local.get(branch)
  if (present !== undefined && present !== tip && present !== earlier)
    return [`there is a branch ${branch} with other commits (${present.slice(0, 12)})`]
  const blocking = [...tips.local.keys()].find((other) => branch.startsWith(`${other}/`) || other.startsWith(`${branch}/`))
  if (blocking !== undefined) return [`git cannot hold the branches ${blocking} and ${branch} side by side`]
  try {
    await requireBranchUnused({ commonDir: commonDirOf(context), branch }, context.bare)
    return []
  } catch (error) {
    if (error instanceof FlightRulesError && error.code === 'BRANCH_IN_USE') return [error.message]
    throw error
  }
}
