import type { Finding } from '../../errors.ts'
import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { readParents } from '../../git/ancestry.ts'
import { mergeTrees } from '../../git/merge-tree.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { settlePaths } from '../../git/settle-paths.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { tellSides } from '../../git/tell-sides.ts'
import { listTreeChanges } from '../../git/tree-changes.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { commonDirOf } from '../context.ts'
import { findUnsettled } from '../settle-dirty-main.ts'
import type { Work } from '../work.ts'

/** The changes as they were in the main worktree. */
interface Carried {
  readonly ref: string
  /** Tracked and untracked files. */
  readonly commit: string
  /** What main had checked out. */
  readonly head: string
  /** Commit of what was staged, null where that could not be stored. */
  readonly index: string | null
}

/**
 * Moves the main worktree's uncommitted changes into the session. They are stored as a commit under
 * refs/flightrules/trash before anything moves. A file that somebody changes meanwhile is never written over.
 */
export const carryChanges: StepHandler<Work> = {
  async apply(_step, work) {
    const { context, session } = work
    const { git, main } = context
    const status = await readStatus(git, main)
    if (changedPaths(status).length === 0) return
    // looked at before the worktree was made; only a merge begun meanwhile leads here
    if ((await findUnsettled(context, status)) !== null)
      throw carryFailed(session.id, main, 'a merge or rebase was begun there, or files are in conflict')
    const carried = await store(work)
    await move(work, carried).catch(async (error: unknown) => {
      // whoever is told decides; a copy is kept, but nobody goes on with it
      if (error instanceof FlightRulesError && error.code === 'CARRY_FAILED') await setAside(work, carried)
      throw error
    })
  },
}

/** Goes on where another process stopped: what was stored is moved; where nothing was, everything is still in the main worktree. */
export const carryAgain: StepHandler<Work> = {
  async apply(_step, work) {
    const { session, context } = work
    const carried = await findCarried(work)
    if (carried === undefined) {
      if ((await readRef(context.git, `${refOf(work)}-kept`)) !== null) return
      const status = context.bare ? undefined : await readStatus(context.git, context.main)
      if (status !== undefined && changedPaths(status).length > 0) work.findings.push(notCarried(session.id, context.main))
      return
    }
    const left = await putIntoSession(work, carried)
    const isGone = await isOut(work, carried)
    const stayed = left.length > 0 && !isGone ? left : await takeOutOfMain(work, carried)
    // the files are out, and only the index may have been behind
    if (isGone || stayed.length === 0) work.findings.push(carriedOver(session.id, carried))
    else work.findings.push(halfCarried(session.id, carried, stayed))
  },
}

async function move(work: Work, carried: Carried): Promise<void> {
  const { main } = work.context
  const { id } = work.session
  const left = await putIntoSession(work, carried)
  if (left.length > 0) throw carryFailed(id, main, `these files are in the way in the session: ${namePaths(left, 10)}`)
  if (!(await isStillSo(work, carried)))
    throw carryFailed(id, main, 'they were copied, but not taken out there, because a file changed meanwhile')
  const stayed = await takeOutOfMain(work, carried)
  work.findings.push(stayed.length === 0 ? carriedOver(id, carried) : halfCarried(id, carried, stayed))
}

async function setAside({ context }: Work, { ref, commit }: Carried): Promise<void> {
  const moved = [
    { ref, new: null, old: commit },
    { ref: `${ref}-kept`, new: commit, old: null },
  ]
  await updateRefs(context.git.withoutSignal(), moved, 'flightrules: start --carry failed')
}

function refOf({ session }: Work): string {
  return `refs/flightrules/trash/${session.id}/carried-${session.uuid.slice(0, 8)}`
}

async function store(work: Work): Promise<Carried> {
  const { context, session } = work
  const { git, main } = context
  const message = `changes of the main worktree carried into ${session.id}`
  const { commit } = await snapshotWorktree(git, { worktree: main, gitDir: commonDirOf(context), message })
  await updateRefs(git, [{ ref: refOf(work), new: commit, old: null }], 'flightrules: start --carry')
  const carried = await findCarried(work)
  if (carried === undefined) throw new Error(`${refOf(work)} is not there`)
  return carried
}

async function findCarried(work: Work): Promise<Carried | undefined> {
  const { git } = work.context
  const ref = refOf(work)
  const commit = await readRef(git, ref)
  if (commit === null) return undefined
  const [head, index = null] = await readParents(git, commit)
  if (head === undefined) throw new Error(`${ref} is no snapshot`)
  return { ref, commit, head, index }
}

/** @returns the paths where something else was in the way. */
async function putIntoSession({ context, session, worktree }: Work, { commit, head, index }: Carried): Promise<string[]> {
  const { git, main } = context
  const start = session.baseCommit
  const [merged] = await mergeTrees(git, [{ ours: start, theirs: commit }], { objects: 'keep' })
  // looked at before the worktree was made; only a commit made meanwhile leads here
  if (merged?.clean !== true) throw carryFailed(session.id, main, 'they do not fit the commit it starts from')
  // what was staged stays staged, where that can be: the index of another commit means nothing here
  const staged = start === head ? (index ?? start) : start
  const { own, mixed } = await settlePaths(git, worktree, { from: start, to: merged.tree, index: staged })
  return [...own, ...mixed]
}

/** Nothing was changed in the main worktree since. */
async function isStillSo({ context }: Work, { commit, head }: Carried): Promise<boolean> {
  const { git, main } = context
  if ((await git.readLine(['rev-parse', 'HEAD'])) !== head) return false
  const now = await snapshotWorktree(git, { worktree: main, gitDir: commonDirOf(context), message: 'carry, looked at again' })
  return now.tree === (await git.readLine(['rev-parse', `${commit}^{tree}`]))
}

/** @returns the paths somebody changed meanwhile, which stay there. */
async function takeOutOfMain({ context }: Work, { commit, head, index }: Carried): Promise<string[]> {
  const { git, main } = context
  // somebody has committed there: what that says is theirs
  if ((await git.readLine(['rev-parse', 'HEAD'])) !== head) return ['HEAD']
  const { own, mixed } = await settlePaths(git, main, { from: commit, to: head, indexWas: index === null ? [] : [index] })
  return [...own, ...mixed]
}

async function isOut({ context }: Work, { commit, head }: Carried): Promise<boolean> {
  const changes = await listTreeChanges(context.git, commit, head)
  const sides = await tellSides(context.git, context.main, { from: commit, to: head }, changes)
  return changes.every(({ to }, index) => sides[index]?.side === (to === null ? 'missing' : 'to'))
}

function carriedOver(id: string, { ref, commit }: Carried): Finding {
  return {
    code: 'CHANGES_CARRIED',
    message: `the uncommitted changes of the main worktree are now in ${id}; a copy is kept as ${ref}`,
    details: { ref, commit },
  }
}

function halfCarried(id: string, { ref }: Carried, paths: readonly string[]): Finding {
  return {
    code: 'CARRY_FAILED',
    message: `the uncommitted changes of the main worktree were being moved into ${id} when that was interrupted; these were changed since and stay where they are: ${namePaths(paths, 10)}`,
    hint: `compare with what was there: git show --stat ${ref}`,
    details: { ref, paths },
  }
}

function notCarried(id: string, main: string): Finding {
  return {
    code: 'CARRY_FAILED',
    message: `the uncommitted changes of ${main} were not moved into ${id}: that was interrupted before it began, and they are where they were`,
    details: { id, main },
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
