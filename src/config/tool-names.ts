import type { ToolName } from './types.ts'

/** In the order in which they are looked for. */
export const toolNames = ['cursor', 'conductor', 'codex', 'emdash', 'superset'] as const satisfies readonly ToolName[]
