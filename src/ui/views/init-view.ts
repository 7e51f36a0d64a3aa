import { changedLines } from '../../githooks/install/describe-plan.ts'
import type { AppliedInit } from '../../githooks/install/apply-init.ts'
import type { RemovalResult } from '../../githooks/install/apply-removal.ts'
import { pathFromMain } from '../../githooks/install/init-log.ts'
import type { InitPlan, Kept } from '../../githooks/install/init-plan.ts'
import { type RemovalPlan, describeRemoval } from '../../githooks/install/plan-removal.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'

/** What `init` did, what it left alone, and what to do next. */
export function showInit(screen: Screen, plan: InitPlan, result: AppliedInit): void {
  const { paint } = screen
  if (result.created.length === 0 && result.changed.length === 0 && result.approved === null) {
    screen.answer('Everything is set up already; nothing was changed.')
  } else {
    for (const path of result.created) screen.answer(`${paint.green('created')}  ${escapeText(path)}`)
    for (const path of result.changed) screen.answer(`${paint.yellow('changed')}  ${escapeText(path)}`)
    if (result.approved !== null)
      screen.answer(`approved  ${escapeText(result.approved)}: its commands may run in this copy of the repository`)
  }
  showKept(screen, result.kept)
  const facts = [`hooks: ${result.hooks}`, ...(result.presets.length > 0 ? [`presets: ${result.presets.join(', ')}`] : [])]
  screen.answer(paint.dim(facts.join('   ')))
  const inProject = [...result.created, ...result.changed].filter((path) => isCommitted(path))
  const next = [...plan.next]
  if (inProject.length > 0) next.push('commit these files, so that every clone and every session has them')
  // git hands on no hooks; husky and lefthook bring them with an install
  if (inProject.length > 0 && (result.hooks === 'native' || result.hooks === 'pre-commit'))
    next.push('flightrules init    in every other clone too: its hooks are not committed')
  next.push('flightrules start <name>')
  screen.answer('')
  screen.answer('Next:')
  for (const line of next) screen.answer(`  ${line}`)
}

/** Every file and line `init` would write. */
export function showInitPlan(screen: Screen, plan: InitPlan): void {
  const { paint } = screen
  if (plan.steps.length === 0) screen.answer('Everything is set up already; nothing would change.')
  for (const step of plan.steps) {
    if (step.kind === 'run') {
      screen.answer(`${paint.bold('run')}     ${step.line}    ${paint.dim(step.why)}`)
      continue
    }
    const path = escapeText(pathFromMain(plan.main, step.file))
    if (step.kind === 'move') {
      screen.answer(
        `${paint.bold('move')}    ${path} -> ${escapeText(pathFromMain(plan.main, step.to))}    ${paint.dim(step.why)}`,
      )
      continue
    }
    const { from, removed, added } = changedLines(step.before, step.after)
    screen.answer(`${paint.bold(step.before === null ? 'create' : 'change')}  ${path}    ${paint.dim(step.why)}`)
    if (step.before !== null) screen.answer(paint.dim(`  after line ${from}:`))
    for (const line of removed) screen.answer(paint.red(`  - ${escapeText(line)}`))
    for (const line of added) screen.answer(paint.green(`  + ${escapeText(line)}`))
  }
  showKept(
    screen,
    plan.kept.map((one) => ({ ...one, path: pathFromMain(plan.main, one.path) })),
  )
}

export function showRemoval(screen: Screen, result: RemovalResult): void {
  if (result.removed.length === 0 && result.changed.length === 0)
    screen.answer('Nothing of Flight Rules is set up here; nothing was changed.')
  for (const path of new Set(result.removed.map(asFolder))) screen.answer(`${screen.paint.red('removed')}   ${escapeText(path)}`)
  for (const path of result.changed) screen.answer(`${screen.paint.yellow('restored')}  ${escapeText(path)}`)
  showKept(screen, result.kept)
}

export function showRemovalPlan(screen: Screen, plan: RemovalPlan): void {
  if (plan.steps.length === 0) screen.answer('Nothing of Flight Rules is set up here.')
  for (const step of plan.steps) screen.answer(escapeText(describeRemoval(plan.main, step)))
  if (plan.hooksPath === null) screen.answer('unset core.hooksPath')
  else if (plan.hooksPath !== undefined) screen.answer(`set core.hooksPath back to ${escapeText(plan.hooksPath)}`)
  showKept(screen, plan.kept)
}

function showKept(screen: Screen, kept: readonly Kept[]): void {
  for (const { path, why } of kept) {
    const [first = '', ...rest] = why.split('\n')
    screen.answer(`${screen.paint.dim('left')}     ${escapeText(path)}: ${escapeText(first)}`)
    for (const line of rest) screen.answer(`           ${escapeText(line)}`)
  }
}

/** husky's generated files are one thing to a reader. */
function asFolder(path: string): string {
  return path.replace(/(\.husky\/_)\/.*$/s, '$1')
}

function isCommitted(path: string): boolean {
  return !path.startsWith('/') && !path.startsWith('.git/') && !/(?:^|\/)\.husky\/_/.test(path)
}
