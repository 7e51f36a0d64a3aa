import { mkdir, rename, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { holdHooks } from '../../git/held-hooks.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import type { StepHandler, StepHandlers } from '../../operations/apply-plan.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import type { OperationKind } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { isGone, requireRemovable } from '../../operations/trash/gate.ts'
import { removeTrashItem } from '../../operations/trash/item.ts'
import { writeEnvBlock } from '../../setup/write-env-block.ts'
import { findTakenName } from '../check-start.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions } from '../load-sessions.ts'
import { loadRecord, writeRecord } from '../record.ts'
import { refreshManifest } from '../save-session.ts'
import { sessionEnvBlock } from '../session-environment.ts'
import { notRestorable, rebuildFolder } from './rebuild.ts'
import { relinkWorktree } from './relink.ts'
import { readRestoreFacts, type RestoreFacts } from './restore-facts.ts'
import type { RestoreWork } from './restore-work.ts'

/** The step after which the session is back; interrupted later it is finished. */
const commitPoint = 'move-from-trash'

/** The steps a session comes back by, as `--dry-run` shows them and as they are carried out. */
export function planRestore(facts: RestoreFacts, envOut: string): Step[] {
  const { item, folder, commit, branch, tip, branchBefore, path } = facts
  return [
    ...(folder === 'there' ? [] : [{ kind: 'rebuild-from-snapshot', snapshot: commit, undo: 'delete what was rebuilt' }]),
    ...(branch === null || branchBefore === tip
      ? []
      : [
          {
            kind: 'restore-branch',
            branch,
            to: tip,
            from: branchBefore,
            undo: branchBefore === null ? 'delete it' : `move it back to ${branchBefore}`,
          },
        ]),
    { kind: commitPoint, from: item.path, to: path, undo: 'move the folder back into the trash' },
    { kind: 'relink-worktree', path, undo: 'flightrules undoes this with the move' },
    { kind: 'write-record', undo: 'the record goes with the worktree' },
    ...(facts.envBlock === 'same' ? [] : [{ kind: 'write-env-block', file: envOut, undo: 'the block goes with the worktree' }]),
    { kind: 'write-manifest', undo: 'the next command writes it again from the records' },
    { kind: 'forget-trash-item', trash: item.trash, undo: 'end the session' },
    { kind: 'write-history', undo: 'nothing to take back' },
  ]
}

const restoreBranch: StepHandler<RestoreWork> = {
  async apply(_step, { git, facts: { branch, tip, branchBefore } }) {
    const ref = `refs/heads/${branch ?? ''}`
    if ((await readRef(git, ref)) === tip) return
    await updateRefs(git, [{ ref, new: tip, old: branchBefore }], 'flightrules: restore')
  },
  async undo(_step, { git, facts: { branch, tip, branchBefore } }) {
    const ref = `refs/heads/${branch ?? ''}`
    const present = await readRef(git, ref)
    // also where nothing moved: a lock that a killed git left on the ref shows here, and is then not forgotten
    if (tip === null || (present !== tip && present !== branchBefore)) return
    await updateRefs(git, [{ ref, new: branchBefore, old: present }], 'flightrules: restore taken back')
  },
}

const moveFromTrash: StepHandler<RestoreWork> = {
  async apply(_step, { context, git, commonDir, facts }) {
    const { item, path, gitDir } = facts
    const { id, foreign } = facts.session
    if (!(await isGone(path))) throw notRestorable(id, `${path} is in the way`)
    const taken = findTakenName(id, await loadSessions(context, await listWorktrees(context.git)))
    if (taken !== undefined) throw notRestorable(id, `there is a session ${taken} by now`)
    await requireRemovable({ worktree: item.path, gitDir, commonDir })
    // before it can be worked in again: of somebody else's work git runs nothing that was not approved
    if (foreign !== undefined) await holdHooks(git, commonDir, gitDir)
    await mkdir(dirname(path), { recursive: true })
    reachFailpoint('rename:from-trash')
    await rename(item.path, path).catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'EXDEV' ? `${item.path} and ${path} are on different file systems` : error.message
      throw notRestorable(id, why)
    })
  },
  async undo(_step, { facts: { item, path, gitDir } }) {
    if (!(await isGone(item.path)) || (await isGone(path)) || (await readGitEntry(join(path, '.git'))) !== gitDir) return
    await rename(path, item.path)
  },
}

const handlers: StepHandlers<RestoreWork> = {
  'rebuild-from-snapshot': rebuildFolder,
  'restore-branch': restoreBranch,
  [commitPoint]: moveFromTrash,
  'relink-worktree': relinkWorktree,
  'write-record': {
    async apply(_step, { facts: { gitDir, session } }) {
      const present = await loadRecord(gitDir)
      if (present.state === 'valid' && JSON.stringify(present.session) === JSON.stringify(session)) return
      await writeRecord(gitDir, session)
    },
  },
  'write-env-block': {
    async apply(step, { context, git, commonDir, facts: { session, path }, findings }) {
      const values = sessionEnvBlock(context, session, path)
      const block = { git, worktree: path, commonDir, file: String(step.file), session: session.id, values }
      findings.push(...(await writeEnvBlock(block)).findings)
    },
  },
  'write-manifest': {
    async apply(_step, { context, findings }) {
      findings.push(...(await refreshManifest(context)))
    },
  },
  'forget-trash-item': {
    async apply(_step, { git, commonDir, facts: { item, commit, folder } }) {
      if (commit !== null && (await readRef(git, item.ref)) === commit) {
        // what was made from it may not be on the disk yet
        const kept = { ref: item.ref.replace('/trash/', '/restored/'), new: commit, old: null }
        const gone = { ref: item.ref, new: null, old: commit }
        await updateRefs(git, folder === 'there' ? [gone] : [gone, kept], 'flightrules: restored')
      }
      await removeTrashItem(commonDir, item.trash)
      await rmdir(dirname(item.path)).catch(() => {})
    },
  },
  'write-history': {
    async apply(_step, { context, commonDir, op, facts: { item, session, path } }) {
      const { id, uuid, branch } = session
      const { trash, id: was } = item
      const at = context.now().toISOString()
      await appendHistoryOnce(commonDir, {
        at,
        event: 'restored',
        id,
        uuid,
        op,
        branch,
        path,
        trash,
        ...(was === id ? {} : { was }),
      })
    },
  },
}

/** Bringing a removed session back; interrupted before the move it stays in the trash, after it the restore is finished. */
export function restoreOperation(context: Context): OperationKind<RestoreWork> {
  return {
    kind: 'restore',
    handlers,
    commitPoint,
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const id = String(facts['id'])
      return outcome === 'finished'
        ? { message: `the interrupted restore of session ${id} was finished`, hint: 'flightrules status' }
        : {
            message: `the interrupted restore of session ${id} was taken back; it is in the trash`,
            hint: 'flightrules restore --list',
          }
    },
    async resume(entry) {
      return makeRestoreWork(context, entry.op, readRestoreFacts(commonDirOf(context), entry))
    },
    async isCommitted(_entry, { facts: { item, path, gitDir } }) {
      if (!(await isGone(item.path))) return false
      return (await readGitEntry(join(path, '.git')).catch(() => undefined)) === gitDir
    },
  }
}

export function makeRestoreWork(context: Context, op: string, facts: RestoreFacts): RestoreWork {
  const git = context.git.withoutSignal().with({ FLIGHTRULES_OP: op })
  return { context: { ...context, git }, git, commonDir: commonDirOf(context), op, facts, findings: [] }
}
