import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from '../errors.ts'
import type { ApprovalPlace } from './approval-store.ts'
import { type Approval, type Found, loadApprovals, resolvedFormat } from './approvals.ts'
import { readLastDigest } from './snapshot.ts'

/** What applied here last: the approved digest that was loaded last, else the newest. */
export async function findLastApproved(place: ApprovalPlace): Promise<Found<Approval | undefined>> {
  const [{ found, doubts }, digest] = await Promise.all([loadApprovals(place), readLastDigest(place.commonDir)])
  const usable = found.filter(({ format }) => format === resolvedFormat)
  return { found: usable.find((approval) => approval.digest === digest) ?? usable.at(-1), doubts }
}

/** Where approvals were kept once: in the repository, where they could be anybody's. */
export function earlierApprovals(commonDir: string): string {
  return join(commonDir, 'flightrules', 'trust.json')
}

export async function findEarlierApprovals(commonDir: string): Promise<Finding[]> {
  const file = earlierApprovals(commonDir)
  if ((await lstat(file).catch(() => undefined)) === undefined) return []
  return [
    {
      code: 'APPROVE_AGAIN',
      message: `${file} is of an earlier version; approvals inside a repository may be anybody's and were not taken over`,
      hint: 'flightrules trust',
      details: { file },
    },
  ]
}
