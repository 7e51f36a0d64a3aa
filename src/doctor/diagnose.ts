import { appendHistory } from '../operations/history.ts'
import type { Plan, Step } from '../operations/plan.ts'
import type { CheckGroup, Repair } from './check.ts'
import { checkTable } from './check-table.ts'
import { Facts, type FactsInput } from './facts.ts'
import { type CheckResult, runChecks } from './run-checks.ts'

/** A repair that was made, or could not be. */
export interface Mended {
  readonly id: string
  /** What was done, with what was there before; or why it was not. */
  readonly message: string
  /** What takes it back; null where nothing was done. */
  readonly undo: string | null
}

export interface Diagnosis {
  readonly checks: readonly CheckResult[]
  readonly mended: readonly Mended[]
}

/** Runs every check; changes nothing. @throws FlightRulesError NOT_A_REPOSITORY. */
export async function diagnose(input: FactsInput): Promise<Diagnosis> {
  return { checks: await runChecks(checkTable, await Facts.open(input)), mended: [] }
}

/** What `mend` would do as things stand. Mending one thing may bring another to light, which is not in it. */
export async function planMending(input: FactsInput): Promise<Plan> {
  const { checks } = await diagnose(input)
  const steps = listRepairs(checks).map(({ repair }): Step => repair.step)
  return { version: 1, command: 'doctor --fix', steps, choices: [], findings: [] }
}

/**
 * Repairs what can be repaired without losing anything, one group of checks after the other and looking again in between: with a
 * repository that git takes for bare, what the checks of sessions say is not to be acted on.
 */
export async function mend(input: FactsInput): Promise<Diagnosis> {
  const { commonDir } = await Facts.open(input)
  const mended: Mended[] = []
  const tried = new Set<string>()
  for (;;) {
    const { checks } = await diagnose(input)
    const repairs = listRepairs(checks).filter(({ key }) => !tried.has(key))
    const [first] = repairs
    if (first === undefined) return { checks, mended }
    for (const { id, key, repair } of repairs.filter(({ group }) => group === first.group)) {
      input.signal.throwIfAborted()
      tried.add(key)
      mended.push(await apply(commonDir, id, repair))
    }
  }
}

/** Noted first, with the old value in it: a repair can be taken back also by who did not see what was printed. */
async function apply(commonDir: string, id: string, repair: Repair): Promise<Mended> {
  try {
    await appendHistory(commonDir, {
      at: new Date().toISOString(),
      event: 'mended',
      id: '',
      uuid: '',
      check: id,
      step: repair.step,
    })
    return { id, message: await repair.apply(), undo: repair.step.undo }
  } catch (error) {
    return { id, message: `could not be repaired: ${(error as Error).message}`, undo: null }
  }
}

/** The same repair may be the answer to several findings. */
function listRepairs(checks: readonly CheckResult[]): { id: string; group: CheckGroup; key: string; repair: Repair }[] {
  const seen = new Set<string>()
  return checks.flatMap(({ id, group, repair }) => {
    if (repair === undefined) return []
    const key = JSON.stringify(repair.step)
    if (seen.has(key)) return []
    seen.add(key)
    return [{ id, group, key, repair }]
  })
}
