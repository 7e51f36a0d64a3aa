import type { Context } from '../context.ts'
import { recoverMaking } from '../making-operation.ts'
import { entryOperation } from '../removal/entry-operation.ts'
import { missingOperation } from '../removal/missing-operation.ts'
import { removalOperation } from '../removal/removal-operation.ts'
import { purgeOperation } from '../purge/purge-operation.ts'
import { restoreOperation } from '../restore/restore-operation.ts'
import { type EndKind, commitPoints } from '../end/end-operation.ts'
import { recoverEnd } from '../end/recover-end.ts'
import { leavingOperation } from '../sync/leave-conflicts.ts'
import { syncOperation } from '../sync/sync-operation.ts'
import { type UndoKind, undoCommitPoints, undoOperation } from '../undo/undo-operation.ts'
import { type Recovery, recoveryOf } from './recovery.ts'

const endKinds = Object.keys(commitPoints) as EndKind[]
const undoKinds = Object.keys(undoCommitPoints) as UndoKind[]

/** Every operation that is journaled. One that is missing here would be quarantined instead of recovered. */
export function recoveriesOf(context: Context): readonly Recovery[] {
  return [
    recoveryOf(recoverMaking(context, 'start')),
    recoveryOf(recoverMaking(context, 'register')),
    recoveryOf(recoverMaking(context, 'setup')),
    recoveryOf(removalOperation(context)),
    recoveryOf(missingOperation(context)),
    recoveryOf(entryOperation(context)),
    recoveryOf(restoreOperation(context)),
    recoveryOf(purgeOperation(context)),
    recoveryOf(syncOperation(context)),
    recoveryOf(leavingOperation(context)),
    ...endKinds.map((kind) => recoveryOf(recoverEnd(context, kind))),
    ...undoKinds.map((kind) => recoveryOf(undoOperation(context, kind))),
  ]
}
