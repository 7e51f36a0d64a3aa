import { readRef } from '../../git/refs.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import { mergeConflicts } from '../../integrate/merge-conflicts.ts'
import { chooseRemote } from '../../integrate/remotes.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { EndInput } from './end-input.ts'
import { requireMergeable } from './integrate-step.ts'
import { refuseRewrittenBase } from './rewritten-base.ts'
import { type PreparedRequest, prepareRequest } from './request-step.ts'
import { previewTip, requireReady } from './ready-session.ts'

export interface CheckedEnd {
  /** There is something to commit first. */
  readonly hasChanges: boolean
  /** Commit to bring the session onto first, null when it is not to be. */
  readonly syncBase: string | null
  readonly request: PreparedRequest | null
}

/**
 * Everything that can stop `end`, found out before anything is committed, pushed or moved.
 * @throws FlightRulesError as documented for `end`; nothing was changed then.
 */
export async function checkEnd(context: Context, entry: RegisteredSession, input: EndInput): Promise<CheckedEnd> {
  const hasChanges = await requireReady(context, entry, input)
  const onlyThat: CheckedEnd = { hasChanges, syncBase: null, request: null }
  if (entry.session.mode === 'standard' || input.strategy === 'abandon') return onlyThat
  if (input.strategy === 'keep' && input.sync === false) return onlyThat
  const { id } = entry.session
  const tip = await previewTip(context, entry, hasChanges)
  if (input.strategy === 'merge' && !input.proceed) await refuseRewrittenBase(context, entry, tip)
  const syncBase = input.sync === false ? null : await findSyncBase(context, entry, input)
  if (syncBase !== null) {
    const { clean, conflicts } = await predictConflicts(context.git, syncBase.oid, tip)
    if (!clean)
      throw mergeConflicts(`session ${id} conflicts with ${syncBase.name}`, conflicts, {
        id,
        worktree: entry.worktree.path,
        base: syncBase.name,
      })
  }
  if (input.strategy === 'merge') await requireMergeable(context, entry, input, tip)
  const request = input.strategy === 'pr' ? await prepareRequest(context, entry, input, tip) : null
  return { hasChanges, syncBase: syncBase?.oid ?? null, request }
}

/** What the session will meet: the base here for a merge, the remote's as it was last seen for everything else. */
async function findSyncBase(
  { git }: Context,
  { session }: RegisteredSession,
  input: EndInput,
): Promise<{ name: string; oid: string } | null> {
  const oid = await readRef(git, `refs/heads/${session.base}`)
  const local = oid === null ? null : { name: session.base, oid }
  if (input.strategy === 'merge') return local
  const remote = await chooseRemote(git, { base: session.base, branch: session.branch ?? '' })
  const seen = remote === null ? null : await readRef(git, `refs/remotes/${remote}/${session.base}`)
  return seen === null ? local : { name: `${remote}/${session.base}`, oid: seen }
}
