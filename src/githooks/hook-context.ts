import { loadConfig } from '../config/load-config.ts'
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
}

/** Opens the repository from a hook. Commands of ours below set FLIGHTRULES_OP, so that no hook runs inside a hook. */
export function openHookContext(input: HookInput): Promise<OpenedContext> {
  const trustDigest = input.env['FLIGHTRULES_TRUST']
  return openContext({
    cwd: input.cwd,
    env: { ...input.env, FLIGHTRULES_OP: `hook-${process.pid}` },
    loadConfig: (place) => loadConfig({ ...place, ...(trustDigest === undefined ? {} : { trustDigest }) }),
    report: (progress) => {
      if (progress.event === 'command-output') input.stream(progress.chunk)
      if (progress.event === 'running-command') input.say(`flightrules: ${progress.command}`)
    },
  })
}
