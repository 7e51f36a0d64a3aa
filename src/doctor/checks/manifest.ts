import { listWorktrees } from '../../git/worktrees.ts'
import type { OpenedContext } from '../../sessions/context.ts'
import { describeNewer, manifestFile } from '../../sessions/load-manifest.ts'
import { loadSessions } from '../../sessions/load-sessions.ts'
import { reconcile } from '../../sessions/reconcile.ts'
import { isManifestStale, projectManifest } from '../../sessions/write-manifest.ts'
import { type Check, fail, ok, type Repair, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

/** The manifest against git's worktrees and their records. */
export const manifest: Check = {
  id: 'manifest',
  group: 'sessions',
  async run(facts) {
    const opened = await facts.opened()
    const { context } = opened
    const file = manifestFile(context.sessionsDir)
    const set = await loadSessions(context, opened.worktrees, 'read')
    if (set.manifest.state === 'newer') {
      const { message, hint } = describeNewer(set.manifest)
      return fail(message, hint)
    }
    if (set.manifest.state === 'corrupt') {
      return fail(`${file} cannot be read: ${set.manifest.reason}`, 'flightrules status', rebuild(facts, file))
    }
    if (set.unregistered.length > 0) {
      const paths = set.unregistered.map(({ worktree }) => worktree.path)
      if (context.loaded.config.hooks.postCheckout.register === 'all') {
        return warn(`not registered as sessions: ${paths.join(', ')}`, 'flightrules status', rebuild(facts, file))
      }
    }
    if (isManifestStale(projectManifest(context, set.registered, set.manifest), set.manifest)) {
      return warn(`${file} is not what git and the records say`, 'flightrules status', rebuild(facts, file))
    }
    const sessions = set.registered.length
    return ok(`the manifest says what git says (${sessions === 1 ? '1 session' : `${sessions} sessions`})`)
  },
}

function rebuild(facts: Facts, file: string): Repair {
  return {
    step: {
      kind: 'reconcile',
      file,
      undo: 'none needed: it is made from git and the records; one that could not be read is kept beside it',
    },
    async apply() {
      const { context }: OpenedContext = await facts.input.open()
      const { findings } = await reconcile(context, await listWorktrees(context.git))
      return [`${file} was brought in line`, ...findings.map(({ message }) => message)].join('; ')
    },
  }
}
