import type { Finding } from '../../errors.ts'
import type { EndFacts } from './end-facts.ts'
import type { EndKind } from './end-operation.ts'

/** What is said of an end that was interrupted, with the command that goes on. */
export function describeEnd(kind: EndKind, facts: EndFacts, outcome: 'finished' | 'undone'): Pick<Finding, 'message' | 'hint'> {
  const { id, base, strategy } = facts
  const again = `flightrules end ${id} --strategy ${strategy}`
  if (outcome === 'finished') {
    const what = {
      'end-merge': `it is merged into ${base}`,
      'end-request': `its request is ${facts.pr?.url ?? 'open'}`,
      'end-keep': 'it is kept',
      'end-abandon': 'what it held is in the trash',
      'end-standard': 'the main worktree is as it is',
    }[kind]
    return { message: `the interrupted end of session ${id} was finished: ${what}` }
  }
  const left = {
    'end-merge': `${base} does not have it, and nothing of the merge is left`,
    'end-request': `${describePush(facts)}; whether a request is open is found out by the next try, so there will be one`,
    'end-keep': describePush(facts),
    'end-abandon': 'nothing of it was removed',
    'end-standard': 'its entry is still there',
  }[kind]
  return { message: `the end of session ${id} was interrupted: ${left}; the session is there`, hint: `${again}    goes on` }
}

/** git notes a branch that arrived; in between it may have. */
function describePush({ pushing, pushed }: EndFacts): string {
  if (pushed !== undefined) return `${pushed.branch} was pushed to ${pushed.remote} as ${pushed.oid.slice(0, 12)}`
  return pushing === undefined ? 'nothing was pushed' : `${pushing.branch} may have been pushed to ${pushing.remote}`
}
