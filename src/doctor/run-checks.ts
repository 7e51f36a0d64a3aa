import { mapSideBySide } from '../files/side-by-side.ts'
import type { Check, CheckGroup, Verdict } from './check.ts'
import type { Facts } from './facts.ts'

/** Milliseconds a check may take: an unreachable network disk must not end all others. */
const patience = 15_000

/** One line of the answer. */
export interface CheckResult extends Verdict {
  readonly id: string
  readonly group: CheckGroup
}

/** Runs the checks side by side; one that throws or hangs is a warning. In the order they were given. @throws only the interruption. */
export async function runChecks(checks: readonly Check[], facts: Facts): Promise<CheckResult[]> {
  const results = new Map<Check, CheckResult[]>()
  const run = async (check: Check): Promise<void> => void results.set(check, await runCheck(check, facts))
  for (const check of checks.filter(({ alone }) => alone)) await run(check)
  await mapSideBySide(
    checks.filter(({ alone }) => alone === undefined),
    run,
  )
  return checks.flatMap((check) => results.get(check) ?? [])
}

async function runCheck({ id, group, run }: Check, facts: Facts): Promise<CheckResult[]> {
  const verdicts = await withinPatience(run(facts)).catch((error: Error): Verdict => {
    if (facts.input.signal.aborted) throw error
    return { status: 'warn', message: `could not be checked: ${error.message.replace(/\s+/g, ' ')}` }
  })
  return asList(verdicts).map((verdict) => ({ id, group, ...verdict }))
}

function asList(verdicts: Verdict | readonly Verdict[]): readonly Verdict[] {
  return 'status' in verdicts ? [verdicts] : verdicts
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patience / 1000} seconds`)), patience)
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}
