import type { AgentHandler } from './agent-call.ts'

const loaders: Readonly<Record<string, () => Promise<AgentHandler>>> = {
  'session-start': async () => (await import('./session-start.ts')).sessionStart,
  'pre-tool-use': async () => (await import('./pre-tool-use.ts')).preToolUse,
  'worktree-create': async () => (await import('./worktree-create.ts')).worktreeCreate,
  'worktree-remove': async () => (await import('./worktree-remove.ts')).worktreeRemove,
  stop: async () => (await import('./stop.ts')).stop,
  'subagent-stop': async () => (await import('./noted.ts')).noteWork,
  'session-end': async () => (await import('./noted.ts')).noteEnd,
}

/** The events we have something to do at, as `flightrules agent` takes them. */
export const agentEvents: readonly string[] = Object.keys(loaders)

/** Loads what one event needs, and nothing else. undefined for an event of which we know nothing, as newer agents may have. */
export async function loadHandler(event: string): Promise<AgentHandler | undefined> {
  return Object.hasOwn(loaders, event) ? loaders[event]?.() : undefined
}
