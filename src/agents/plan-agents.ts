import { FlightRulesError } from '../errors.ts'
import { type AgentName, agentNames } from './agent-names.ts'
import { detectAgents } from './detect-agents.ts'
import { planCommandFiles } from './slash/plan-command-files.ts'
import type { PlannedFiles } from './planned-file.ts'
import { planSettings } from './settings/plan-settings.ts'

export interface AgentsPlan extends PlannedFiles {
  readonly agents: readonly AgentName[]
}

/**
 * What the agents of a project get: slash commands, and hooks where the agent has some. Changes nothing.
 * @param asked undefined for those a project shows signs of.
 */
export async function planAgents(
  main: string,
  packageFolder: string,
  asked: readonly AgentName[] | undefined,
): Promise<AgentsPlan> {
  const agents = asked ?? (await detectAgents(main))
  const plans: PlannedFiles[] = []
  if (agents.includes('claude')) plans.push(await planSettings(main, packageFolder))
  for (const agent of agents) plans.push(await planCommandFiles(main, agent))
  return { agents, files: plans.flatMap(({ files }) => files), kept: plans.flatMap(({ kept }) => kept) }
}

/** @throws FlightRulesError USAGE for an agent nobody knows. */
export function parseAgents(typed: string): readonly AgentName[] {
  const names = typed.split(',').map((name) => name.trim())
  if (names.length === 1 && names[0] === 'none') return []
  const known = names.filter((name): name is AgentName => agentNames.some((agent) => agent === name))
  if (known.length === names.length) return agentNames.filter((name) => known.includes(name))
  throw new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `--agents takes ${agentNames.join(', ')} or none, with commas between, not ${JSON.stringify(typed)}`,
    hint: `flightrules init --agents ${agentNames.join(',')}`,
    details: { agents: typed },
  })
}
