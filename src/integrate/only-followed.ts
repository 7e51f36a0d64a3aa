import type { Git } from '../git/git.ts'
import { readReflog } from '../git/reflog.ts'

/** Every move the branch ever made was to a commit that was there already. Without a record it is not known, so: no. */
export async function onlyFollowed(git: Git, ref: string): Promise<boolean> {
  const entries = await readReflog(git, ref)
  return (
    entries.length > 0 &&
    entries.every(({ oid, action }) => {
      if (/^branch: |^flightrules: start |^reset: |: Fast-forward$/i.test(action)) return true
      return / \(finish\): .* onto ([0-9a-f]+)$/.exec(action)?.[1] === oid
    })
  )
}
