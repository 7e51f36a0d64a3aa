import type { Finding } from '../errors.ts'
import type { OpenedContext } from '../sessions/context.ts'
import { describeIncomplete, findIncomplete, type IncompleteSession } from '../sessions/find-incomplete.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import type { Invocation } from './command.ts'

/** Asked about once: a command that is run again with another answer does not ask this again. */
const settled = new Set<string>()

/**
 * Earlier sessions that were never finished come first: a person is asked what becomes of each, everybody else is told.
 * @returns what is left to be said.
 */
export async function settleIncomplete(invocation: Invocation, { context, set }: OpenedContext & Reconciled): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const incomplete of findIncomplete(set, context.now())) {
    const { uuid } = incomplete.entry.session
    if (invocation.interactive && !invocation.yes && !settled.has(uuid)) {
      settled.add(uuid)
      findings.push(...(await ask(invocation, context, incomplete)))
    } else if (!invocation.interactive) {
      findings.push(describeIncomplete(incomplete))
    }
  }
  return findings
}

async function ask(invocation: Invocation, context: OpenedContext['context'], incomplete: IncompleteSession): Promise<Finding[]> {
  const { askChoice } = await import('../ui/prompt.ts')
  const { message, hint } = describeIncomplete(incomplete)
  const answer = await askChoice(
    message,
    [
      { value: 'resume', label: 'resume: make it ready now' },
      { value: 'clean-up', label: 'clean up: put it into the trash' },
      { value: 'ignore', label: 'ignore it for now' },
    ] as const,
    invocation.signal,
  )
  if (answer === 'resume') {
    const { setupSession } = await import('../sessions/setup-session.ts')
    const { failedCommand, findings } = await setupSession(context, incomplete.entry, 'run')
    return failedCommand === null ? [...findings] : [...findings, describeIncomplete(incomplete)]
  }
  if (answer !== 'clean-up') return hint === undefined ? [] : [{ code: 'INCOMPLETE_SESSION', message, hint }]
  const { endSession } = await import('../sessions/end/end-session.ts')
  const { abandoning } = await import('../sessions/end/end-input.ts')
  return [...(await endSession(context, incomplete.entry, abandoning)).findings]
}
