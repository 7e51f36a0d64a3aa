import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { functionHookCommand } from '../config/function-hook.ts'
import type { Finding } from '../errors.ts'
import { runHookCommands } from '../setup/run-hook-commands.ts'
import { type Context, commonDirOf } from './context.ts'
import { readHold } from './foreign/is-held.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { sessionEnvironment } from './session-environment.ts'
import { loadSessionSecrets } from './session-secrets.ts'

/** Milliseconds the project's own clean-up may take before the session goes without it. */
const patience = 60_000

/** It is only to tidy up, so an end does not wait for a person to approve it. */
function notRun(why: string): Finding {
  return {
    code: 'PRE_REMOVE_SKIPPED',
    message: `preRemoveHook did not run: ${why}`,
    hint: 'flightrules trust    before the next end; what it would have tidied up is still there',
  }
}

/** Runs `preRemoveHook`. Its failure is a finding: it never makes a session undeletable. */
export async function runRemoveHook(context: Context, { session, worktree }: RegisteredSession): Promise<Finding[]> {
  const hook = context.loaded.config.preRemoveHook
  const isEmpty = !('function' in hook) && hook.length === 0
  if (isEmpty || worktree.prunable !== null) return []
  if (context.loaded.trust !== 'approved')
    return [notRun(`${context.loaded.file ?? 'the config'} has changed since a person approved it`)]
  // setup did not run there either, so there is nothing to tidy up
  if ((await readHold(context, session, worktree.head)).held) return []
  const logs = join(commonDirOf(context), 'flightrules', 'logs')
  await mkdir(logs, { recursive: true })
  const logFile = join(logs, `${session.id}-remove-${context.now().toISOString().replace(/[:.]/g, '-')}.log`)
  const file = context.loaded.file
  const functionCommand =
    'function' in hook && file !== null
      ? functionHookCommand({ configFile: file, hook: 'preRemoveHook', commonDir: commonDirOf(context) })
      : undefined
  const { status, commands } = await runHookCommands({
    hook,
    ...(functionCommand === undefined ? {} : { functionCommand }),
    cwd: worktree.path,
    env: { ...context.env, ...sessionEnvironment(context, session, worktree.path) },
    logFile,
    redact: (await loadSessionSecrets(context, session, worktree.path)).map(({ value }) => value),
    onOutput: (chunk) => context.report({ event: 'command-output', chunk }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
    timeout: patience,
  })
  const last = commands.at(-1)
  if (status === 'ok' || last === undefined) return []
  const message = `preRemoveHook failed: ${last.command} ended with status ${last.exitStatus}; the session goes all the same`
  return [
    { code: 'PRE_REMOVE_FAILED', message, hint: `what it said: ${logFile}`, details: { command: last.command, log: logFile } },
  ]
}
