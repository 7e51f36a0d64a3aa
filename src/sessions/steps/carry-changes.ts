import { FlightRulesError } from '../../errors.ts'
import { updateRefs } from '../../git/refs.ts'
import { snapshotWorktree, type WorktreeSnapshot } from '../../git/snapshot.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { mergeTrees } from '../../git/merge-tree.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { commonDirOf } from '../context.ts'
import { findUnsettled } from '../settle-dirty-main.ts'
import type { Work } from '../work.ts'

const nowhere = '0'.repeat(40)

/**
 * Moves the main worktree's uncommitted changes into the session. They are stored as a commit under
 * refs/flightrules/trash before anything moves, and git itself refuses each step that would overwrite a file that changed meanwhile.
 */
export const carryChanges: StepHandler<Work> = {
  async apply(_step, work) {
    const { context, session, worktree } = work
    const { git, main } = context
    const status = await readStatus(git, main)
    if (changedPaths(status).length === 0) return
    // looked at before the worktree was made; only a merge begun meanwhile leads here
    if ((await findUnsettled(context, status)) !== null)
      throw carryFailed(session.id, main, 'a merge or rebase was begun there, or files are in conflict')
    const message = `changes of the main worktree carried into ${session.id}`
    const snapshot = await snapshotWorktree(git, { worktree: main, gitDir: commonDirOf(context), message })
    const ref = `refs/flightrules/trash/${session.id}/carried-${session.uuid.slice(0, 8)}`
    await updateRefs(git, [{ ref, new: snapshot.commit, old: nowhere }], 'flightrules: start --carry')
    const [head, mainHead] = await Promise.all([
      git.readLine(['rev-parse', 'HEAD'], { cwd: worktree }),
      git.readLine(['rev-parse', 'HEAD']),
    ])
    const [merged] = await mergeTrees(git, [{ ours: head, theirs: snapshot.commit }])
    // looked at before the worktree was made; only a commit made meanwhile leads here
    if (merged?.clean !== true) throw carryFailed(session.id, main, 'they do not fit the commit it starts from')
    await git.run(['read-tree', '-m', '-u', head, merged.tree], { cwd: worktree })
    // what was staged stays staged, where that can be: the index of another commit means nothing here
    await git.run(['read-tree', head === mainHead ? (snapshot.index ?? head) : head], { cwd: worktree })
    await git.run(['update-index', '-q', '--refresh'], { cwd: worktree, accept: [0, 1] })
    await cleanMain(work, snapshot)
    work.findings.push({
      code: 'CHANGES_CARRIED',
      message: `the uncommitted changes of the main worktree are now in ${session.id}; a copy is kept as ${ref}`,
      details: { ref, commit: snapshot.commit },
    })
  },
}

/** Takes the carried changes out of the main worktree, only where its files are still exactly what was stored. */
async function cleanMain({ context, session }: Work, snapshot: WorktreeSnapshot): Promise<void> {
  const { git, main } = context
  await git.run(['read-tree', snapshot.commit], { cwd: main })
  await git.run(['update-index', '-q', '--refresh'], { cwd: main, accept: [0, 1] })
  try {
    await git.run(['read-tree', '-m', '-u', snapshot.commit, 'HEAD'], { cwd: main })
  } catch (error) {
    await git.run(['read-tree', snapshot.index ?? 'HEAD'], { cwd: main })
    throw carryFailed(
      session.id,
      main,
      `they were copied, but not taken out there, because a file changed meanwhile: ${(error as Error).message}`,
    )
  }
}

function carryFailed(id: string, main: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'CARRY_FAILED',
    message: `the uncommitted changes of ${main} were not moved into session ${id}: ${why}`,
    hint: `session ${id} is there and they are still in ${main}; look at both, then go on: flightrules setup ${id}`,
    details: { id, main },
  })
}
