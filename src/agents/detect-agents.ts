import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { type AgentName, agentNames } from './agent-names.ts'

/** What in a project's root shows that an agent is in use. `AGENTS.md` is read by most of them and tells nothing. */
const signs: Readonly<Record<AgentName, readonly string[]>> = {
  claude: ['.claude', 'CLAUDE.md'],
  codex: ['.codex'],
  cursor: ['.cursor', '.cursorrules'],
  gemini: ['.gemini', 'GEMINI.md'],
  opencode: ['.opencode', 'opencode.json', 'opencode.jsonc'],
}

export async function detectAgents(main: string): Promise<AgentName[]> {
  const isThere = (name: string): Promise<boolean> =>
    lstat(join(main, name)).then(
      () => true,
      () => false,
    )
  const inUse = await Promise.all(agentNames.map(async (agent) => (await Promise.all(signs[agent].map(isThere))).includes(true)))
  return agentNames.filter((_agent, index) => inUse[index])
}
