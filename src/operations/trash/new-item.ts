import { lstat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Json } from '../plan.ts'
import { type TrashItem, trashTime } from './item.ts'

export interface NewItemInput {
  readonly sessionsDir: string
  /** Absolute path of the linked worktree. */
  readonly worktree: string
  readonly gitDir: string
  readonly id: string
  readonly branch: string | null
  readonly head: string | null
  readonly reason: string
  readonly record: Json
  /** What git's lock of it says, null when it is not locked. */
  readonly lock: string | null
  readonly now: Date
}

/** What an entry of the trash is going to be; changes nothing. */
export async function newTrashItem(input: NewItemInput): Promise<TrashItem> {
  const { id, reason, branch, head, gitDir, record, worktree, lock } = input
  const time = trashTime(input.now)
  const trash = `${id}-${time}`
  return {
    version: 1,
    trash,
    id,
    at: input.now.toISOString(),
    reason,
    branch,
    head,
    ref: `refs/flightrules/trash/${id}/${time}`,
    path: await chooseTrashPath(input, trash),
    from: worktree,
    gitDir,
    state: 'whole',
    keep: false,
    lock,
    record,
  }
}

/** The trash is in the sessions directory; for a worktree on another file system it is beside the worktree. */
async function chooseTrashPath({ sessionsDir, worktree }: NewItemInput, trash: string): Promise<string> {
  const [there, here] = await Promise.all([deviceOf(join(sessionsDir, '.trash')), deviceOf(worktree)])
  return there === here ? join(sessionsDir, '.trash', trash) : join(dirname(worktree), '.flightrules-trash', trash)
}

/** The file system a path is on, or would be on once it is made. */
async function deviceOf(path: string): Promise<number> {
  const stats = await lstat(path).catch(() => undefined)
  return stats?.dev ?? (dirname(path) === path ? -1 : deviceOf(dirname(path)))
}
