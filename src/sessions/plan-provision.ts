import type { Finding } from '../errors.ts'
import type { Step } from '../operations/plan.ts'
import { findEnvFiles } from '../setup/find-env-files.ts'
import type { Context } from './context.ts'
import { releaseHooksStep } from './steps/hold-hooks.ts'

export type SetupWish = 'run' | 'skip'

interface Provision {
  readonly steps: readonly Step[]
  readonly findings: readonly Finding[]
  /** What will be copied, relative to the main worktree. */
  readonly envFiles: readonly string[]
}

/**
 * The steps that make a worktree usable, the same for `start`, for a plain `git worktree add` and for `setup`.
 * Changes nothing.
 * @param work `held`: somebody else's, which gets nothing but a log; `released`: somebody else's that was approved.
 */
export async function planProvision(
  context: Context,
  setup: SetupWish,
  work: 'own' | 'held' | 'released' = 'own',
): Promise<Provision> {
  if (work === 'held') return planHeld(context)
  const { config, trust } = context.loaded
  // a bare repository has no files to copy from
  const { files, findings } = context.bare
    ? { files: [], findings: [] }
    : await findEnvFiles({ git: context.git, main: context.main, globs: config.envFiles, sessionsDir: context.sessionsDir })
  const steps: Step[] = [
    ...(work === 'released' ? [releaseHooksStep()] : []),
    { kind: 'heal-hooks', undo: 'nothing to take back: the folder is generated and ignored' },
  ]
  if (files.length > 0) {
    steps.push({ kind: 'copy-env-files', files: files.map((file) => ({ ...file })), undo: 'the copies go with the worktree' })
  }
  if (!context.bare && config.dependencies.strategy !== 'none' && config.dependencies.paths.length > 0) {
    const { paths, strategy } = config.dependencies
    steps.push({ kind: 'clone-dependencies', paths, strategy, undo: 'the copies go with the worktree' })
  }
  if (Object.keys(config.ports).length > 0 || Object.keys(config.env).length > 0) {
    steps.push({ kind: 'write-env-block', file: config.envOut, undo: 'the block goes with the worktree' })
  }
  if (config.sessionLog !== false) steps.push(logStep)
  const hook = config.postCreateHook
  const hasCommands = 'function' in hook || hook.length > 0
  const willRun = setup === 'run' && hasCommands && trust === 'approved'
  steps.push({
    kind: 'activate-session',
    setup: willRun ? 'pending' : trust === 'unapproved' ? 'untrusted' : 'skipped',
    undo: 'end the session',
  })
  if (willRun) {
    const commands = 'function' in hook ? ['(a function of the config)'] : [...hook]
    steps.push({ kind: 'run-setup', commands, undo: 'what the commands did in the worktree goes with it' })
  }
  return { steps, findings, envFiles: files.map((file) => file.path) }
}

const logStep: Step = { kind: 'create-session-log', undo: 'the log goes with the worktree' }

function planHeld({ loaded }: Context): Provision {
  const steps: Step[] = loaded.config.sessionLog === false ? [] : [logStep]
  return {
    steps: [...steps, { kind: 'activate-session', setup: 'untrusted', undo: 'end the session' }],
    findings: [],
    envFiles: [],
  }
}
