import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { textOf } from '../../git/capture/byte-path.ts'
import { placeAside } from '../../git/capture/place-admin.ts'
import { readSnapshot } from '../../git/capture/read-snapshot.ts'
import { restoreCapture } from '../../git/capture/restore-capture.ts'
import { restorePlain } from '../../git/capture/restore-plain.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { deleteTrashed } from '../../operations/trash/delete.ts'
import { isGone } from '../../operations/trash/gate.ts'
import { loadTrashItem, writeTrashItem } from '../../operations/trash/item.ts'
import type { RestoreWork } from './restore-work.ts'

/**
 * Makes the folder in the trash again from its snapshot. As long as that is under way the entry says that only the snapshot counts, as
 * it does while the folder is being deleted.
 */
export const rebuildFolder: StepHandler<RestoreWork> = {
  async apply(_step, { context, git, commonDir, facts, findings }) {
    const { item, commit, gitDir } = facts
    if (commit === null) throw notRestorable(item.id, 'neither its folder nor its snapshot is there any more')
    const isRest = (await loadTrashItem(commonDir, item.trash))?.state === 'purging'
    if (!isRest && !(await isGone(item.path))) throw notRestorable(item.id, `${item.path} is in the way`)
    await discardRebuilt(commonDir, facts)
    await writeTrashItem(commonDir, { ...item, state: 'purging' })
    await mkdir(dirname(item.path), { recursive: true, mode: 0o700 })
    const target = { worktree: item.path, gitDir }
    const snapshot = await readSnapshot(git, commit)
    if (snapshot.kind === 'capture') {
      const { uncaptured: lost, excepted } = await restoreCapture(git, commit, target)
      // the block in that one is written again
      const left = excepted.map(textOf).filter((path) => path !== context.loaded.config.envOut)
      if (left.length > 0) findings.push(setupNeeded(facts.session.id, left))
      if (lost.length > 0)
        findings.push({
          code: 'NOT_IN_SNAPSHOT',
          message: `not in the snapshot of ${facts.session.id}: ${namePaths(
            lost.map(({ path }) => path),
            5,
          )}; it was deleted with the folder, as somebody decided`,
          details: { paths: lost },
        })
      return
    }
    const head = item.head ?? snapshot.head
    if (head === null) throw notRestorable(item.id, 'its snapshot has no commit to go on from')
    await restorePlain(git, { commit, head, index: snapshot.commit === head ? null : snapshot.index }, target)
    findings.push(setupNeeded(facts.session.id, ['copies of env files', 'dependencies']))
  },
  async undo(_step, { commonDir, facts }) {
    const { item } = facts
    // before that was noted nothing had been made
    if ((await loadTrashItem(commonDir, item.trash))?.state !== 'purging') return
    await discardRebuilt(commonDir, facts)
    await writeTrashItem(commonDir, { ...item, state: 'purged' })
  },
}

/** What there is of it can be made again at any time: the rest of a deletion, or of an earlier try. */
async function discardRebuilt(commonDir: string, { item, gitDir }: RestoreWork['facts']): Promise<void> {
  const isRebuilt = !(await isGone(gitDir)) || !(await isGone(placeAside(gitDir)))
  await deleteTrashed(commonDir, isRebuilt ? { trash: item.trash, path: item.path, gitDir } : item)
}

/** What setup makes again was not stored. */
export function setupNeeded(id: string, left: readonly string[]): Finding {
  return {
    code: 'SETUP_NEEDED',
    message: `session ${id} is back without what setup makes: ${namePaths(left, 5)}`,
    hint: `flightrules setup ${id}`,
    details: { left },
  }
}

export function notRestorable(id: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'NOT_RESTORABLE',
    message: `session ${id} cannot be brought back: ${why}`,
    hint: 'flightrules restore --list',
    details: { id, why },
  })
}
