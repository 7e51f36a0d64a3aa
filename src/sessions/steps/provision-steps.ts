import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { functionHookCommand } from '../../config/function-hook.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { cloneDependencies } from '../../setup/clone-dependencies.ts'
import { copyEnvFiles } from '../../setup/copy-env-files.ts'
import { healHooks } from '../../setup/heal-hooks.ts'
import { writeEnvBlock } from '../../setup/write-env-block.ts'
import { commonDirOf } from '../context.ts'
import { changeSession } from '../save-session.ts'
import { sessionEnvironment, sessionEnvBlock } from '../session-environment.ts'
import { createSessionLog } from '../session-log.ts'
import { loadSessionSecrets } from '../session-secrets.ts'
import type { Session, SetupState } from '../session.ts'
import { toTimestamp } from '../timestamp.ts'
import type { Work } from '../work.ts'

/** Everything between a bare worktree and one that can be worked in. Each step can be done again. */
export const provisionHandlers: Readonly<Record<string, StepHandler<Work>>> = {
  'heal-hooks': {
    async apply(_step, work) {
      const { context, worktree } = work
      work.findings.push(...(await healHooks({ git: context.git, main: context.main, worktree })).findings)
    },
  },
  'copy-env-files': {
    async apply(step, work) {
      const { context, worktree } = work
      const files = step.files as unknown as readonly { path: string; secret: boolean }[]
      const { copied, findings } = await copyEnvFiles({ git: context.git, main: context.main, worktree, files })
      const earlier = work.session.envFiles.filter((file) => !copied.some((copy) => copy.path === file.path))
      work.session = { ...work.session, envFiles: [...earlier, ...copied] }
      work.findings.push(...findings)
    },
  },
  'clone-dependencies': {
    async apply(step, work) {
      const { context, worktree } = work
      const paths = step.paths as readonly string[]
      const onPath = (path: string): void => context.report({ event: 'cloning-dependencies', paths: [path] })
      const strategy = context.loaded.config.dependencies.strategy
      const { findings } = await cloneDependencies({
        git: context.git,
        commonDir: commonDirOf(context),
        main: context.main,
        worktree,
        paths,
        strategy,
        onPath,
      })
      work.findings.push(...findings)
    },
  },
  'write-env-block': {
    async apply(step, work) {
      const { context, worktree, session } = work
      const { findings } = await writeEnvBlock({
        git: context.git,
        worktree,
        commonDir: commonDirOf(context),
        file: String(step.file),
        session: session.id,
        values: sessionEnvBlock(context, session, worktree),
      })
      work.findings.push(...findings)
    },
  },
  'create-session-log': {
    async apply(_step, { context, worktree, session }) {
      await createSessionLog(context.main, worktree, session)
    },
  },
  'activate-session': {
    async apply(step, work) {
      const before = work.session.setup
      const isUndecided = before === null || before.status === 'untrusted' || before.status === 'pending'
      const status = step.setup as SetupState['status']
      const setup = isUndecided ? { status, at: toTimestamp(work.context.now()), log: null } : before
      await store(work, { status: 'active', setup, envFiles: work.session.envFiles })
    },
  },
  'run-setup': { apply: runSetup },
}

/** Stores what a step found out, and nothing else: the session may have been kept or switched to another branch meanwhile. */
async function store(work: Work, found: Partial<Session>): Promise<void> {
  const { session, findings } = await changeSession(work.context, work.gitDir, work.session, (current) => ({
    ...current,
    ...found,
  }))
  work.session = session
  work.findings.push(...findings)
}

/** Runs the project's commands in the session; a failure is a state of the session, not the end of it. */
async function runSetup(_step: unknown, work: Work): Promise<void> {
  const { context, worktree, session } = work
  const hook = context.loaded.config.postCreateHook
  const logs = join(commonDirOf(context), 'flightrules', 'logs')
  await mkdir(logs, { recursive: true })
  const log = join(logs, `${session.id}-setup-${context.now().toISOString().replace(/[:.]/g, '-')}.log`)
  const mark = async (status: 'running' | 'ok' | 'failed'): Promise<void> => {
    await store(work, { setup: { status, at: toTimestamp(context.now()), log } })
  }
  await mark('running')
  const { runHookCommands } = await import('../../setup/run-hook-commands.ts')
  const functionCommand =
    'function' in hook && context.loaded.file !== null
      ? functionHookCommand({ configFile: context.loaded.file, hook: 'postCreateHook', commonDir: commonDirOf(context) })
      : undefined
  const result = await runHookCommands({
    hook,
    ...(functionCommand === undefined ? {} : { functionCommand }),
    cwd: worktree,
    env: { ...context.env, ...sessionEnvironment(context, session, worktree), FLIGHTRULES_SETUP: work.op },
    logFile: log,
    redact: (await loadSessionSecrets(context, session, worktree)).map(({ value }) => value),
    onCommand: (command) => context.report({ event: 'running-command', command }),
    onOutput: (chunk) => context.report({ event: 'command-output', chunk }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  })
  const last = result.commands.at(-1)
  work.failedCommand =
    result.status === 'failed' && last !== undefined ? { command: last.command, exitStatus: last.exitStatus } : null
  await mark(result.status)
}
