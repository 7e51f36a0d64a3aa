import type { Environment } from '../../git/environment.ts'

/** What an agent tells one of its hooks. Nothing in `fields` is trusted to be there, or to be what its name says. */
export interface AgentCall {
  readonly fields: Readonly<Record<string, unknown>>
  readonly env: Environment
  /** FLIGHTRULES=0: only what cannot be left to anybody else is answered. */
  readonly isOff: boolean
  /** Set when the agent has waited for long enough. */
  readonly signal: AbortSignal
  /** Writes to standard error, which agents show to people or nobody. */
  readonly say: (text: string) => void
}

export interface AgentAnswer {
  /** What the agent reads; undefined for nothing. */
  readonly stdout?: string
  readonly status: number
}

export type AgentHandler = (call: AgentCall) => Promise<AgentAnswer>

export const nothingToSay: AgentAnswer = { status: 0 }

/** A field that has to be a text; undefined where it is none. */
export function findText({ fields }: Pick<AgentCall, 'fields'>, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' && value !== '' && !value.includes('\0') ? value : undefined
}

/** The agent's name for the conversation, to tell several in one worktree apart. */
export function nameAgent(call: Pick<AgentCall, 'fields'>): string {
  return (findText(call, 'session_id') ?? 'unknown').slice(0, 100)
}

/** Characters an agent takes of an answer; what is longer it puts into a file. */
const mostContext = 9_000

/** Words for the agent, in the form its hook events have for it. */
export function tellAgent(event: 'SessionStart' | 'PreToolUse', context: string): AgentAnswer {
  return toAnswer({ hookSpecificOutput: { hookEventName: event, additionalContext: shorten(context) } })
}

/** Stops the tool the agent is about to use; the reason is what it reads instead. */
export function denyTool(reason: string): AgentAnswer {
  return toAnswer({
    hookSpecificOutput: {
      hookEventName: 'PreToolUse',
      permissionDecision: 'deny',
      permissionDecisionReason: shorten(reason),
    },
  })
}

/** Words for the person in front of the agent. */
export function tellPerson(message: string): AgentAnswer {
  return toAnswer({ systemMessage: shorten(message) })
}

function toAnswer(output: Readonly<Record<string, unknown>>): AgentAnswer {
  return { status: 0, stdout: JSON.stringify(output) }
}

function shorten(text: string): string {
  return text.length <= mostContext ? text : `${text.slice(0, mostContext)}…`
}
