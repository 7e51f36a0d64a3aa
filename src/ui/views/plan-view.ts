import type { Plan } from '../../operations/plan.ts'
import { escapeText } from '../escape-text.ts'

/** A plan as people read it: each step, what it is about, and what takes it back. */
export function renderPlan(plan: Plan): string {
  if (plan.steps.length === 0) return 'Nothing to do.'
  const lines = plan.steps.flatMap(({ kind, undo, ...parameters }, index) => {
    const details = Object.entries(parameters)
      .filter(([, value]) => value !== null && typeof value !== 'object')
      .map(([name, value]) => `${name} ${escapeText(String(value))}`)
    const lists = Object.entries(parameters).flatMap(([name, value]) =>
      Array.isArray(value) ? value.map((item) => `       ${name}: ${describeItem(item)}`) : [],
    )
    return [
      `${String(index + 1).padStart(3)}. ${kind}${details.length === 0 ? '' : `  ${details.join(', ')}`}`,
      ...lists,
      `       undo: ${escapeText(undo)}`,
    ]
  })
  return ['What would be done, in this order; nothing was changed:', ...lines].join('\n')
}

function describeItem(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'path' in item) return escapeText(String(item.path))
  return escapeText(typeof item === 'string' ? item : JSON.stringify(item))
}
