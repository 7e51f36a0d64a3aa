import { Git } from '../../git/git.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import { type Context, commonDirOf } from '../../sessions/context.ts'
import type { Recovery } from '../../sessions/recover/recovery.ts'
import { applyRemoval } from './apply-removal.ts'
import { noteInstallerWork } from './init-journal.ts'
import { planRemoval } from './plan-removal.ts'

/** A first `init` that was killed is taken out again; a later one left each file whole, old or new; a removal is finished. */
export function initRecoveries(context: Context): readonly Recovery[] {
  const commonDir = commonDirOf(context)
  const git = new Git(context.main, context.env)
  const finish = async (): Promise<void> => {}
  const takeOut = async (): Promise<void> => void (await applyRemoval(git, await planRemoval({ git })))
  return [
    {
      kind: 'init',
      async recover(entry) {
        if (entry.facts['main'] !== context.main) throw new StrangeEntryError('it is about another main worktree')
        await noteInstallerWork(git, context.main, commonDir, entry)
        if (entry.facts['isFirst'] !== true) {
          const message =
            'an init that brought hooks and config up to date was interrupted; each file is whole, the old or the new one'
          return { outcome: 'finished', message, hint: 'flightrules init', finish }
        }
        await takeOut()
        return {
          outcome: 'undone',
          message: 'an init that was interrupted was taken out again',
          hint: 'flightrules init',
          finish,
        }
      },
    },
    {
      kind: 'init-remove',
      async recover() {
        await takeOut()
        return { outcome: 'finished', message: 'an interrupted init --remove was finished', finish }
      },
    },
  ]
}
