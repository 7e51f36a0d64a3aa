import { loadConfig } from '../../config/load-config.ts'
import { readTrustEnvironment } from '../../config/trust-environment.ts'
import type { OpenedContext } from '../../sessions/context.ts'
import { openContext } from '../../sessions/open-context.ts'
import type { AgentCall } from './agent-call.ts'

/**
 * Opens the repository for an agent's hook. git of ours below gets FLIGHTRULES_OP, so that no hook of git runs inside it; words and the
 * output of the project's commands go to standard error.
 */
export function openCall(call: AgentCall, cwd: string): Promise<OpenedContext> {
  const { env, signal, say } = call
  return openContext({
    cwd,
    env,
    signal,
    operation: `agent-${process.pid}`,
    loadConfig: (place) => loadConfig({ ...place, ...readTrustEnvironment(env) }),
    report: (progress) => {
      if (progress.event === 'command-output') say(progress.chunk)
      if (progress.event === 'running-command') say(`flightrules: ${progress.command}\n`)
    },
  })
}
