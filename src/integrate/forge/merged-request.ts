import type { RemoteRepository } from '../remote-url.ts'
import type { ForgeRequest } from './forge.ts'
import { addressOf, isNumber, textIn, textOf } from './read-fields.ts'

/** A request that was merged, as the forge tells of it. */
export interface MergedRequest extends ForgeRequest {
  /** The commit its branch was at when it was merged. */
  readonly tip: string
  /** Short names of branches. */
  readonly head: string
  readonly base: string
  /** Whose the branch was; null where the forge does not say, as after a fork was deleted. */
  readonly owner: string | null
}

/** How many requests are asked for at once. */
export const pageSize = 100

/** What `gh pr list` has to tell of each. */
export const mergedFields = 'number,url,state,headRefOid,headRefName,baseRefName,headRepositoryOwner'

const isOid = (value: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)

/** An entry of `gh pr list`; undefined for anything that is not a merged request with all that matters. */
export function readMergedPull(
  fields: Readonly<Record<string, unknown>>,
  repository: RemoteRepository,
): MergedRequest | undefined {
  const { number } = fields
  if (!isNumber(number) || fields['state'] !== 'MERGED') return undefined
  return complete({
    number,
    url: addressOf(repository, fields['url'], `pull/${number}`),
    tip: textOf(fields, 'headRefOid'),
    head: textOf(fields, 'headRefName'),
    base: textOf(fields, 'baseRefName'),
    owner: textIn(fields['headRepositoryOwner'], 'login'),
  })
}

/** The same of an entry of `glab mr list`, which knows a fork by a number only. */
export function readMergedMerge(
  fields: Readonly<Record<string, unknown>>,
  repository: RemoteRepository,
): MergedRequest | undefined {
  const { iid } = fields
  if (!isNumber(iid) || fields['state'] !== 'merged') return undefined
  const isHere = fields['source_project_id'] === fields['target_project_id']
  return complete({
    number: iid,
    url: addressOf(repository, fields['web_url'], `-/merge_requests/${iid}`),
    tip: textOf(fields, 'sha'),
    head: textOf(fields, 'source_branch'),
    base: textOf(fields, 'target_branch'),
    owner: isHere ? repository.owner : null,
  })
}

function complete(request: MergedRequest): MergedRequest | undefined {
  return isOid(request.tip) && request.head !== '' && request.base !== '' ? request : undefined
}
