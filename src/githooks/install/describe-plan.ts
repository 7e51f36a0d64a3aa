import type { Plan, Step } from '../../operations/plan.ts'
import { pathFromMain } from './init-log.ts'
import type { InitPlan, InitStep } from './init-plan.ts'
import type { RemovalPlan } from './plan-removal.ts'

/** The lines a change takes out and puts in, where it is one run of lines. */
export interface LineChange {
  /** Lines before it that stay. */
  readonly from: number
  readonly removed: readonly string[]
  readonly added: readonly string[]
}

/** From the first line that differs to the last. */
export function changedLines(before: Uint8Array | null, after: Uint8Array): LineChange {
  const old = toLines(before ?? new Uint8Array())
  const fresh = toLines(after)
  let start = 0
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1
  let end = 0
  while (end < old.length - start && end < fresh.length - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1
  return { from: start, removed: old.slice(start, old.length - end), added: fresh.slice(start, fresh.length - end) }
}

/** The plan of `init` as every `--dry-run --json` shows one. */
export function initAsPlan(plan: InitPlan): Plan {
  return {
    version: 1,
    command: 'init',
    steps: plan.steps.map((step) => asStep(plan.main, step)),
    choices: [],
    findings: plan.findings,
  }
}

/** The plan of `init --remove`, likewise. */
export function removalAsPlan(plan: RemovalPlan): Plan {
  const steps = plan.steps.map((step): Step => {
    const place = { kind: step.kind, path: pathFromMain(plan.main, step.file), undo: 'flightrules init' }
    return step.kind === 'move-back' ? { ...place, to: pathFromMain(plan.main, step.to) } : place
  })
  return { version: 1, command: 'init --remove', steps, choices: [], findings: [] }
}

function asStep(main: string, step: InitStep): Step {
  const undo = 'flightrules init --remove'
  if (step.kind === 'move')
    return { kind: 'move', path: pathFromMain(main, step.file), to: pathFromMain(main, step.to), why: step.why, undo }
  if (step.kind === 'run') return { kind: 'run', line: step.line, why: step.why, undo }
  const action = step.before === null ? 'create' : 'change'
  return { kind: action, path: pathFromMain(main, step.file), ...changedLines(step.before, step.after), why: step.why, undo }
}

function toLines(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes).toString('utf8').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
