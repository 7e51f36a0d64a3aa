import type { Finding } from '../../errors.ts'
import { listWorktrees, type Worktree } from '../../git/worktrees.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import type { Step } from '../../operations/plan.ts'
import type { PutAwayWork } from '../../operations/trash/put-away.ts'
import { type Context, commonDirOf } from '../context.ts'
import { deleteOwnBranch } from '../delete-branch.ts'
import { loadSessions } from '../load-sessions.ts'
import { refreshManifest } from '../save-session.ts'
import type { RemovalFacts } from './removal-facts.ts'

export interface RemovalWork extends PutAwayWork {
  readonly context: Context
  readonly op: string
  readonly facts: RemovalFacts
  readonly findings: Finding[]
  /** The other worktrees, as they were under the same lock a moment ago; absent in a recovery. */
  readonly others: readonly Worktree[] | undefined
  branchDeleted: boolean
}

/** What comes once the worktree of a session is out of the way, however it went. */
export function planLeaving({ item, deleteBranch }: Pick<RemovalFacts, 'item' | 'deleteBranch'>): Step[] {
  return [
    ...(deleteBranch && item.branch !== null
      ? [{ kind: 'delete-branch', branch: item.branch, head: item.head, undo: `its commits stay under ${item.ref}` }]
      : []),
    { kind: 'write-manifest', undo: 'the next command writes it again from the records' },
    { kind: 'write-history', undo: 'nothing to take back' },
  ]
}

export const leavingHandlers: StepHandlers<RemovalWork> = {
  'delete-branch': {
    async apply(_step, work) {
      const { context, item, findings, others } = work
      const set = await loadSessions(context, others ?? (await listWorktrees(context.git)))
      work.branchDeleted = await deleteOwnBranch(context, set, item, findings)
    },
  },
  'write-manifest': {
    async apply(_step, { context, item, findings, others }) {
      findings.push(...(await refreshManifest(context, new Set([item.id]), others)))
    },
  },
  'write-history': {
    async apply(_step, { context, op, facts, item }) {
      const commonDir = commonDirOf(context)
      const { event, uuid, details } = facts
      const { id, reason, trash, ref } = item
      await appendHistoryOnce(commonDir, { at: context.now().toISOString(), event, id, uuid, op, reason, ...details, trash, ref })
    },
  },
}
