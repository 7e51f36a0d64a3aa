import type { StepHandler } from '../../operations/apply-plan.ts'
import { withLock } from '../../operations/lock.ts'
import { removeEmptySessionsDir } from '../../operations/trash/delete.ts'
import { commonDirOf } from '../context.ts'
import { manifestFile } from '../load-manifest.ts'
import { loadRecord, removeRecord } from '../record.ts'
import { refreshManifest } from '../save-session.ts'
import type { EndWork } from './end-work.ts'
import { noteEnded } from './note-ended.ts'

/** Ends a session in the main worktree: its record goes; branch and files stay as they are. */
export const dropEntryStep: StepHandler<EndWork> = {
  async apply(_step, { context, entry, findings }) {
    const { session, gitDir } = entry
    const lock = { operation: `end ${session.id}`, signal: context.signal }
    await withLock(commonDirOf(context), lock, async () => {
      const record = await loadRecord(gitDir)
      if (record.state === 'valid' && record.session.uuid === session.uuid) await removeRecord(gitDir)
      findings.push(...(await refreshManifest(context, new Set([session.id]))))
      await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    })
  },
}

export const noteStandardStep: StepHandler<EndWork> = {
  apply: (_step, { context, entry, op }) => noteEnded(context, entry.session, op, { reason: 'standard' }),
}
