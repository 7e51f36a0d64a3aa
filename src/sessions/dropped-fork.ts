import { findForkPoint, isAncestor } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import { readReflog } from '../git/reflog.ts'
import type { Session } from './session.ts'

/**
 * Where a session left a base that was rewritten since: a commit the base once pointed at, which the session stands on and the base has
 * dropped. Null where nothing of the kind is known; the base's reflog tells.
 */
export async function findDroppedFork(
  git: Git,
  session: Session,
  base: { readonly ref: string; readonly oid: string },
  tip: string,
): Promise<string | null> {
  const left = await findForkPoint(git, base.ref, tip)
  if (left === null || (await isAncestor(git, left, base.oid))) return null
  const fork = await skipOwnMerges(git, session, base.ref, left)
  return (await isAncestor(git, fork, base.oid)) ? null : fork
}

/** Where the base was before the session's own work came onto it, by a merge that was undone since: those commits are the session's, not the base's. */
async function skipOwnMerges(git: Git, session: Session, ref: string, fork: string): Promise<string> {
  const { id, branch, baseCommit } = session
  const entries = await readReflog(git, ref)
  const own = [`flightrules end ${id}`, ...(branch === null ? [] : [`merge ${branch}`])]
  let found = fork
  for (const [index, { oid, action }] of entries.entries()) {
    const before = entries[index + 1]?.oid
    if (oid !== found || before === undefined) continue
    if (!own.some((start) => action === start || action.startsWith(`${start}:`))) continue
    // of an earlier session of this name
    if (await isAncestor(git, oid, baseCommit)) break
    found = before
  }
  return found
}
