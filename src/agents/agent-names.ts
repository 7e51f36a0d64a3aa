/** The agents `init` sets up. */
export const agentNames = ['claude', 'codex', 'cursor', 'gemini', 'opencode'] as const

export type AgentName = (typeof agentNames)[number]
