import { loadConfig } from '../config/load-config.ts'
import { readTrustEnvironment } from '../config/trust-environment.ts'
import type { Environment } from '../git/environment.ts'
import type { OpenedContext } from '../sessions/context.ts'
import { openContext } from '../sessions/open-context.ts'

/** What a git hook of ours gets. Its words go to standard error: `git push` gives hooks its own standard output. */
export interface HookInput {
  readonly args: readonly string[]
  /** The root of the worktree git runs the hook in. */
  readonly cwd: string
  readonly env: Environment
  readonly stdin: () => Promise<string>
  readonly say: (line: string) => void
  /** Output of the project's own commands, as it comes. */
  readonly stream: (chunk: string) => void
  /** Set when the hook has held git up for too long. */
  readonly signal: AbortSignal
}

/** Whoever checks out, merges or pushes did not ask for us and does not know what they would be waiting for. */
const lockWaitMs = 3_000

/** Opens the repository from a hook. git of ours below gets FLIGHTRULES_OP, so that no hook runs inside a hook. */
export async function openHookContext(input: HookInput): Promise<OpenedContext> {
  const opened = await openContext({
    cwd: input.cwd,
    env: input.env,
    signal: input.signal,
    operation: `hook-${process.pid}`,
    lockWaitMs,
    loadConfig: (place) => loadConfig({ ...place, ...readTrustEnvironment(input.env) }),
    report: (progress) => {
      if (progress.event === 'command-output') input.stream(progress.chunk)
      if (progress.event === 'running-command') input.say(`flightrules: ${progress.command}`)
    },
  })
  for (const { message, hint } of opened.context.loaded.doubts ?? [])
    input.say(`flightrules: ${message}${hint === undefined ? '' : ` — ${hint}`}`)
  return opened
}
