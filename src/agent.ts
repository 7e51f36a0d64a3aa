import { readObject } from './cli/read-object.ts'
import type { AgentAnswer, AgentCall } from './agents/hooks/agent-call.ts'

/** Milliseconds after which there is nothing to say: an agent must never wait for us. Making and removing worktrees takes as long as it takes. */
const limits: Readonly<Record<string, number>> = {
  'session-start': 5_000,
  'worktree-create': Infinity,
  'worktree-remove': Infinity,
}
const usualLimit = 2_000

const silence: AgentAnswer = { status: 0 }

/**
 * Entry of the agents' own hooks: `flightrules agent <event>`, with the agent's JSON on standard input. Whatever goes wrong here, the agent
 * goes on: nothing on standard output and exit status 0, for any other would be shown or block. Only a worktree that could not be made has
 * to be said so.
 */
export async function runAgentHook(event: string): Promise<void> {
  const isOff = process.env.FLIGHTRULES === '0'
  const answer = await decide(event, isOff).catch((error: unknown) => {
    if (process.env.FLIGHTRULES_DEBUG === '1') process.stderr.write(`flightrules: ${(error as Error).stack ?? String(error)}\n`)
    return silence
  })
  if (answer.stdout !== undefined) await write(answer.stdout)
  process.exitCode = answer.status
  // a pipe nobody closes, and what was given up on, would keep the process
  process.exit()
}

async function decide(event: string, isOff: boolean): Promise<AgentAnswer> {
  if (isOff && event !== 'worktree-create') return silence
  const { loadHandler } = await import('./agents/hooks/handlers.ts')
  const handle = await loadHandler(event)
  if (handle === undefined) return silence
  const limit = findLimit(event, process.env['FLIGHTRULES_AGENT_TIMEOUT'])
  const overdue = new AbortController()
  const timer = limit === Infinity ? undefined : setTimeout(() => overdue.abort(), limit)
  const isLate = new Promise<AgentAnswer>((resolve) => {
    overdue.signal.addEventListener('abort', () => resolve(silence))
  })
  const { env } = process
  const answer = readObject(process.stdin, usualLimit).then((fields) =>
    handle({ isOff, fields, env, signal: overdue.signal, say } satisfies AgentCall),
  )
  return Promise.race([answer, isLate]).finally(() => clearTimeout(timer))
}

/** Seconds a person allows, for a machine that is slow; but worktrees take as long as they take. */
function findLimit(event: string, asked: string | undefined): number {
  const limit = limits[event] ?? usualLimit
  const seconds = Number(asked)
  return limit === Infinity || asked === undefined || !(seconds > 0) ? limit : Math.min(seconds, 600) * 1000
}

function say(text: string): void {
  process.stderr.write(text)
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    // whoever asked may be gone
    process.stdout.on('error', () => resolve())
    process.stdout.write(`${text}\n`, () => resolve())
  })
}
