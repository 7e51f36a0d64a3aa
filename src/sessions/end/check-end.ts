import { type Finding, FlightRulesError } from '../../errors.ts'
import { readRef } from '../../git/refs.ts'
import { chooseBaseRemote, chooseRemote } from '../../integrate/remotes.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { requireReleased } from '../foreign/is-held.ts'
import { buildHead } from '../sync/build-head.ts'
import { requireSyncable } from '../sync/require-syncable.ts'
import type { EndInput } from './end-input.ts'
import { requireMergeable } from './integrate-step.ts'
import { refuseRewrittenBase } from './rewritten-base.ts'
import { type PreparedRequest, prepareRequest } from './request-step.ts'
import { previewTip, requireReady } from './ready-session.ts'

/** A branch here, or one of a remote as it was last seen. */
export interface SyncBase {
  readonly name: string
  readonly ref: string
  readonly oid: string
}

export interface CheckedEnd {
  /** There is something to commit first. */
  readonly hasChanges: boolean
  /** What to bring the session onto first, null when it is not to be. */
  readonly syncBase: SyncBase | null
  readonly request: PreparedRequest | null
  readonly findings: readonly Finding[]
}

/**
 * Everything that can stop `end`, found out before anything is committed, pushed or moved.
 * @throws FlightRulesError as documented for `end`; nothing was changed then.
 */
export async function checkEnd(context: Context, entry: RegisteredSession, input: EndInput): Promise<CheckedEnd> {
  const hasChanges = await requireReady(context, entry, input)
  const onlyThat: CheckedEnd = { hasChanges, syncBase: null, request: null, findings: [] }
  if (entry.session.mode === 'standard' || input.strategy === 'abandon') return onlyThat
  if (input.strategy === 'keep' && input.sync === false) return onlyThat
  const { id } = entry.session
  const tip = await previewTip(context, entry, hasChanges)
  // merging asks the project's hooks, on files that are this session's as well
  if (input.strategy === 'merge') await requireReleased(context, entry.session, entry.worktree.head, 'it is not merged here')
  if (input.strategy === 'merge' && !input.proceed) await refuseRewrittenBase(context, entry, tip)
  const syncBase = input.sync === false ? null : await findSyncBase(context, entry, input)
  if (syncBase !== null) {
    const { branch } = await requireSyncable(context, entry)
    const sides = { id, worktree: entry.worktree.path, base: syncBase.name }
    const method = input.sync === 'merge' ? 'merge' : 'rebase'
    const build = { method, head: tip, onto: syncBase.oid, leaveOut: null, sides, branch, message: 'preview' } as const
    await buildHead(context.git, build).catch(throwForEnd)
  }
  const findings = input.strategy === 'merge' ? await requireMergeable(context, entry, input, tip) : []
  const request = input.strategy === 'pr' ? await prepareRequest(context, entry, input, tip) : null
  return { hasChanges, syncBase, request, findings: [...findings, ...(request?.findings ?? [])] }
}

/** What the session will meet: the base here for a merge, the remote's as it was last seen for everything else. */
async function findSyncBase({ git }: Context, { session }: RegisteredSession, input: EndInput): Promise<SyncBase | null> {
  const ref = `refs/heads/${session.base}`
  const oid = await readRef(git, ref)
  const local = oid === null ? null : { name: session.base, ref, oid }
  if (input.strategy === 'merge') return local
  const pushed = await chooseRemote(git, { base: session.base, branch: session.branch ?? '' })
  const remote = pushed === null ? null : await chooseBaseRemote(git, session.base, pushed)
  const name = `${remote ?? ''}/${session.base}`
  const seen = remote === null ? null : await readRef(git, `refs/remotes/${name}`)
  return seen === null ? local : { name, ref: `refs/remotes/${name}`, oid: seen }
}

/** `sync` has other flags. */
function throwForEnd(error: unknown): never {
  if (!(error instanceof FlightRulesError) || error.code !== 'REBASE_HAS_MERGES') throw error
  const { kind, code, message, details } = error
  const choices = [{ flag: '--sync merge', label: 'merge the base into the session' }]
  throw new FlightRulesError({ kind, code, message, choices, details })
}
