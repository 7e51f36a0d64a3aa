import type { AgentContext } from './agent-context.ts'
import { describeStanding } from './standing-words.ts'
import { describeHere, describeMain } from './words.ts'

/** All of it in sentences, as an agent reads them. */
export function describeContext({ session, worktree, main, others, orphaned }: AgentContext): string {
  if (session === null || worktree === null) return describeMain(main.path, others, orphaned)
  const standing = describeStanding(session)
  return describeHere(session, { main: main.path, worktree, others, isExported: false, standing })
}
