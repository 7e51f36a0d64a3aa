import { readRef, updateRefs } from '../../git/refs.ts'
import type { Git } from '../../git/git.ts'
import { freeHeldIndex, type HeldIndex, isIndexHeld, withHeldIndex } from '../../git/held-index.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { settlePaths } from '../../git/settle-paths.ts'
import { listTreeChanges, type TreeEntry } from '../../git/tree-changes.ts'
import { readIndexEntries, updateIndexEntries } from '../../git/update-entries.ts'
import { FlightRulesError } from '../../errors.ts'
import { undoReason } from '../../integrate/move-back.ts'
import { inTheWay } from './carry-over.ts'
import type { SyncFacts } from './sync-facts.ts'

/** A session on its way, and where git keeps what is its own. */
export interface Moving extends SyncFacts {
  readonly op: string
  readonly gitDir: string
  /** Files may be under way, or the index held. */
  isUnderWay: boolean
}

/**
 * Brings files, index and branch to where they are to be, while nobody else can commit or add there: files first, then the branch, by
 * compare-and-swap, then the index. What fails before the branch moved leaves everything as it was.
 * @throws FlightRulesError SESSION_CHANGED where somebody was quicker, IN_THE_WAY, INDEX_LOCKED.
 */
export async function moveSession(git: Git, moving: Moving): Promise<void> {
  const { path, ref, head, to, files, newFiles, id, onto } = moving
  let isSettled = true
  try {
    await withHeldIndex(placeOf(moving), async (held) => {
      await requireUnchanged(git, moving, held)
      isSettled = false
      let own: readonly string[] = []
      try {
        ;({ own } = await settlePaths(git, path, { from: files, to: newFiles, index: null, before: 'whole' }))
        if (own.length > 0) throw inTheWay(id, path, onto, own)
        await moveIndex(git, moving, held)
        await updateRefs(git.at(path), [{ ref, new: to, old: head }], reasonOf(moving))
      } catch (error) {
        // whatever git said of it: where the branch is decides
        if ((await readRef(git, ref)) !== to) {
          await settlePaths(git, path, { from: newFiles, to: files, index: null, except: own })
          isSettled = true
          throw error
        }
      }
      await held.replace()
      isSettled = true
    })
  } finally {
    moving.isUnderWay = !isSettled || (await isIndexHeld(placeOf(moving)))
  }
}

/**
 * Brings files and index to where the branch is already.
 * @returns the paths that somebody has changed since, which stay as they are.
 */
export async function settleMoved(git: Git, moving: Moving): Promise<string[]> {
  const { path, ref, to, files, newFiles } = moving
  await freeHeldIndex(placeOf(moving))
  return withHeldIndex(placeOf(moving), async (held) => {
    // whoever has committed since has put it right, or knows what is there
    if ((await readRef(git, ref)) !== to) return []
    const { own } = await settlePaths(git, path, { from: files, to: newFiles, index: null })
    const foreign = await moveIndex(git, moving, held)
    await held.replace()
    return [...new Set([...own, ...foreign])].toSorted()
  })
}

/**
 * Brings the files of a session back whose branch has not moved.
 * @returns the paths that somebody has changed since, which stay as they are.
 * @throws where it has moved: it is to be finished then.
 */
export async function takeSessionBack(git: Git, moving: Moving): Promise<readonly string[]> {
  const { path, ref, head, to, files, newFiles } = moving
  await freeHeldIndex(placeOf(moving))
  return withHeldIndex(placeOf(moving), async (): Promise<readonly string[]> => {
    const now = await readRef(git, ref)
    if (now === to) throw new Error(`${ref} has moved already`)
    if (now !== head || (await readBranch(git, path)) !== ref) return []
    return (await settlePaths(git, path, { from: newFiles, to: files, index: null })).own
  })
}

function placeOf({ gitDir, op }: Moving): { gitDir: string; token: string } {
  return { gitDir, token: `flightrules sync ${op}\n` }
}

/** In git's own words, by which a branch that only follows its base is told from others. */
function reasonOf({ id, method, ref, to, onto, ontoOid, undoes }: Moving): string {
  if (undoes !== undefined) return undoReason
  if (to === ontoOid) return `flightrules sync ${id}: Fast-forward`
  return method === 'rebase' ? `flightrules sync ${id} (finish): ${ref} onto ${ontoOid}` : `flightrules sync ${id}: merge ${onto}`
}

async function requireUnchanged(git: Git, moving: Moving, { env }: HeldIndex): Promise<void> {
  const { path, gitDir, ref, head, index } = moving
  const same =
    (await readBranch(git, path)) === ref &&
    (await readRef(git, ref)) === head &&
    findOperationInProgress(gitDir) === null &&
    (await readIndexTree(git, path, env)) === (await git.readLine(['rev-parse', `${index}^{tree}`]))
  if (same) return
  throw new FlightRulesError({
    kind: 'busy',
    code: 'SESSION_CHANGED',
    message: `session ${moving.id} was changed while its sync was being prepared; nothing was done to it`,
    hint: 'run the command again',
    details: { id: moving.id },
  })
}

async function readBranch(git: Git, cwd: string): Promise<string | null> {
  const { status, stdout } = await git.run(['symbolic-ref', '--quiet', 'HEAD'], { cwd, accept: [0, 1] })
  return status === 0 ? stdout.trim() : null
}

/** null where it has conflicts. */
async function readIndexTree(git: Git, cwd: string, env: Readonly<Record<string, string>>): Promise<string | null> {
  const { status, stdout } = await git.run(['write-tree'], { cwd, env, accept: [0, 128] })
  return status === 0 ? stdout.trim() : null
}

/**
 * Changes what is staged from what it was to what it is to be; what is staged beside that, flags and all, stays.
 * @returns the paths for which something else is staged.
 */
async function moveIndex(git: Git, { path: cwd, files, newFiles, index, newIndex }: Moving, held: HeldIndex): Promise<string[]> {
  const target = { cwd, env: held.env }
  const staged = await readIndexEntries(git, target)
  const changes = await listTreeChanges(git, index, newIndex)
  const known = new Set(changes.map(({ path }) => path))
  // what git remembers of a file that was written anew is of the old one
  const written = (await listTreeChanges(git, files, newFiles)).flatMap(({ path }) => {
    const entry = staged.get(path)
    return entry === undefined || known.has(path) || !entry.isSettled || isIntent(entry.entry)
      ? []
      : [{ path, entry: entry.entry }]
  })
  const foreign = changes.filter(({ path, from, to }) => {
    const now = staged.get(path)
    return (
      now?.isSettled === false ||
      !(isSame(now?.entry, from) || isSame(now?.entry, to) || (now !== undefined && isIntent(now.entry)))
    )
  })
  const left = new Set(foreign.map(({ path }) => path))
  const wanted = changes.flatMap(({ path, to }) => (left.has(path) ? [] : [{ path, entry: to }]))
  await updateIndexEntries(git, target, [...wanted, ...written], staged)
  return [...left]
}

function isSame(a: TreeEntry | undefined, b: TreeEntry | null): boolean {
  return a?.oid === b?.oid && a?.mode === b?.mode
}

/** What `git add --intent-to-add` leaves: an entry no tree has. */
function isIntent({ oid }: TreeEntry): boolean {
  return /^(?:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391|473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813)$/.test(
    oid,
  )
}
