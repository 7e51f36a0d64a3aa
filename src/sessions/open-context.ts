import { basename, dirname, resolve } from 'node:path'
import type { LoadedConfig } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { resolveExisting } from '../files/real-path.ts'
import type { Environment } from '../git/environment.ts'
import { Git } from '../git/git.ts'
import { requireKnownGit } from '../git/known-version.ts'
import { listWorktrees } from '../git/worktrees.ts'
import type { Context, OpenedContext } from './context.ts'
import type { Progress } from './progress.ts'
import { requireLocation } from './require-location.ts'

export interface OpenInput {
  /** Any directory in the repository. */
  readonly cwd: string
  readonly env: Environment
  /** How the configuration is read: fully by commands, from the approved snapshot by hooks. */
  readonly loadConfig: (input: { main: string; commonDir: string }) => Promise<LoadedConfig>
  readonly signal?: AbortSignal
  /** What our hooks find in FLIGHTRULES_OP when git of ours calls them; the project's own commands never get it. */
  readonly operation?: string
  /** Milliseconds to wait for the repository's lock. */
  readonly lockWaitMs?: number
  readonly recoveries?: Context['recoveries']
  readonly now?: () => Date
  readonly report?: (progress: Progress) => void
}

/**
 * Finds the repository around a directory, its main worktree and its configuration. One git process.
 * @throws FlightRulesError GIT_TOO_OLD, NOT_A_REPOSITORY, MAIN_NOT_FOUND.
 */
export async function openContext(input: OpenInput): Promise<OpenedContext> {
  const location = await requireLocation(input.cwd)
  const plain = new Git(location.worktree ?? location.commonDir, input.env, input.signal)
  const git = input.operation === undefined ? plain : plain.with({ FLIGHTRULES_OP: input.operation })
  await requireKnownGit(git, location.commonDir)
  const worktrees = await listWorktrees(git)
  const first = worktrees[0]
  if (first === undefined) throw new Error('git worktree list named no worktree')
  if (!first.bare && first.path === location.commonDir) throw mainNotFound(first.path)
  const main = first.path
  const project = nameProject(main, first.bare)
  const loaded = await input.loadConfig({ main, commonDir: location.commonDir })
  return {
    context: {
      git: git.at(main),
      cwd: input.cwd,
      location,
      main,
      bare: first.bare,
      project,
      loaded,
      // git names worktrees by their real paths
      sessionsDir: await resolveExisting(resolve(main, loaded.config.sessionsDir.replaceAll('{project}', project))),
      env: input.env,
      signal: input.signal,
      lockWaitMs: input.lockWaitMs,
      ...(input.recoveries === undefined ? {} : { recoveries: input.recoveries }),
      now: input.now ?? (() => new Date()),
      report: input.report ?? (() => {}),
    },
    worktrees,
  }
}

/** The folder's name; of a bare repository hidden in a folder (`project/.bare`), that folder's. */
function nameProject(main: string, bare: boolean): string {
  const name = basename(main).replace(/\.git$/, '')
  return bare && (name === '' || name.startsWith('.')) ? basename(dirname(main)) : name
}

/** git names no main worktree when its git directory is elsewhere and it is asked from another worktree. */
function mainNotFound(gitDir: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'MAIN_NOT_FOUND',
    message: `the main worktree of ${gitDir} cannot be found from here, because its git directory is not in it`,
    hint: 'run the command in the main worktree',
    details: { gitDir },
  })
}
