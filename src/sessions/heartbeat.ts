import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasFields, isMapOf, isOneOf, isText } from '../files/shape.ts'
import { replaceFile } from '../files/replace-file.ts'

/** What was last heard of one agent in a worktree. */
export interface Heartbeat {
  /** The agent's own name for its conversation. */
  readonly agent: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** `ended`: it said good-bye; when it was there is still worth knowing. */
  readonly state: 'working' | 'ended'
}

/** Milliseconds after which an agent that has said nothing is not taken to be at work any more. */
const freshFor = 10 * 60_000

/** Milliseconds in which a second sign of life says nothing new: agents use tools many times a minute. */
const worthNoting = 60_000

/** Conversations that are remembered; each starts with a new name. */
const mostAgents = 20

/** Beside the record, so that it moves and goes with the worktree; not in it, because nobody holds the lock for a heartbeat. */
function heartbeatFile(gitDir: string): string {
  return join(gitDir, 'flightrules-alive.json')
}

/** Newest first; what is not exactly as written says nothing. */
export async function loadHeartbeats(gitDir: string): Promise<Heartbeat[]> {
  const text = await readFile(heartbeatFile(gitDir), 'utf8').catch(() => '')
  try {
    const content: unknown = JSON.parse(text)
    if (!isStored(content)) return []
    const { agents } = content as { agents: Record<string, { at: string; state: Heartbeat['state'] }> }
    return Object.entries(agents)
      .map(([agent, { at, state }]) => ({ agent, at: Date.parse(at) || 0, state }))
      .toSorted((a, b) => b.at - a.at)
  } catch {
    return []
  }
}

/**
 * Notes that an agent is, or was, at work in the worktree with this git directory. Two agents may write over each other: the next sign of
 * life mends it. Nothing is written for a sign that says nothing new.
 * @returns whether it was news.
 */
export async function noteHeartbeat(gitDir: string, beat: Heartbeat): Promise<boolean> {
  const known = await loadHeartbeats(gitDir)
  const last = known.find(({ agent }) => agent === beat.agent)
  if (last?.state === beat.state && Math.abs(beat.at - last.at) < worthNoting) return false
  const kept = [beat, ...known.filter(({ agent }) => agent !== beat.agent)].slice(0, mostAgents)
  const agents = Object.fromEntries(kept.map(({ agent, at, state }) => [agent, { at: new Date(at).toISOString(), state }]))
  await replaceFile(heartbeatFile(gitDir), `${JSON.stringify({ version: 1, agents })}\n`, { makeDirectory: false })
  return true
}

/** The agent that is at work there now, as far as was heard; undefined where none is. One from the future has a clock of its own. */
export function findFreshHeartbeat(beats: readonly Heartbeat[], now: Date): Heartbeat | undefined {
  return beats.find(({ at, state }) => state === 'working' && Math.abs(now.getTime() - at) < freshFor)
}

const isStored = hasFields({
  version: isOneOf(1),
  agents: isMapOf(hasFields({ at: isText, state: isOneOf('working', 'ended') })),
})
