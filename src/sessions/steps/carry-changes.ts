import { FlightRulesError } from '../../errors.ts'
import { updateRefs } from '../../git/refs.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { mergeTrees } from '../../git/merge-tree.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { commonDirOf } from '../context.ts'
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
    if (changedPaths(await readStatus(git, main)).length === 0) return
    const message = `changes of the main worktree carried into ${session.id}`
    const snapshot = await snapshotWorktree(git, { worktree: main, gitDir: commonDirOf(context), message })
    const ref = `refs/flightrules/trash/${session.id}/carried-${session.uuid.slice(0, 8)}`
    await updateRefs(git, [{ ref, new: snapshot.commit, old: nowhere }], 'flightrules: start --carry')
    const head = await git.readLine(['rev-parse', 'HEAD'], { cwd: worktree })
    const [merged] = await mergeTrees(git, [{ ours: head, theirs: snapshot.commit }])
    if (merged === undefined || !merged.clean) throw carryConflict(session.id, main, merged?.conflicts.map((conflict) => conflict.path) ?? [])
    await git.run(['read-tree', '-m', '-u', head, merged.tree], { cwd: worktree })
    await git.run(['read-tree', head], { cwd: worktree })
    await git.run(['update-index', '-q', '--refresh'], { cwd: worktree, accept: [0, 1] })
    await cleanMain(work, snapshot.commit)
    work.findings.push({
      code: 'CHANGES_CARRIED',
      message: `the uncommitted changes of the main worktree are now in ${session.id}; a copy is kept as ${ref}`,
      details: { ref, commit: snapshot.commit },
    })
  },
}

/** Takes the carried changes out of the main worktree, only where its files are still exactly what was stored. */
async function cleanMain({ context }: Work, snapshot: string): Promise<void> {
  const { git, main } = context
  await git.run(['read-tree', snapshot], { cwd: main })
  await git.run(['update-index', '-q', '--refresh'], { cwd: main, accept: [0, 1] })
  await git.run(['read-tree', '-m', '-u', snapshot, 'HEAD'], { cwd: main })
}

function carryConflict(id: string, main: string, paths: readonly string[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'conflict',
    code: 'CARRY_CONFLICTS',
    message: `the uncommitted changes of ${main} do not fit the commit session ${id} starts from: ${paths.join(', ')}`,
    hint: `the session was made without them and they are still in ${main}; commit them there, or start with --from-here`,
    details: { paths },
  })
}
