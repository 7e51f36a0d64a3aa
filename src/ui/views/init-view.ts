import { changedLines } from '../../githooks/install/describe-plan.ts'
import type { AppliedInit } from '../../githooks/install/apply-init.ts'
import type { RemovalResult } from '../../githooks/install/apply-removal.ts'
import { pathFromMain } from '../../githooks/install/init-log.ts'
import type { InitPlan, Kept, WriteStep } from '../../githooks/install/init-plan.ts'
import { nameTogether } from '../../githooks/install/name-together.ts'
import { type RemovalPlan, describeRemoval } from '../../githooks/install/plan-removal.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderImport } from './import-view.ts'

/** What `init` did, what it left alone, and what to do next. */
export function showInit(screen: Screen, plan: InitPlan, result: AppliedInit): void {
  const { paint } = screen
  if (result.created.length === 0 && result.changed.length === 0 && result.approved === null) {
    screen.answer('Everything is set up already; nothing was changed.')
  } else {
    for (const line of groupPaths(plan, result.created)) screen.answer(`${paint.green('created')}  ${line}`)
    for (const line of groupPaths(plan, result.changed)) screen.answer(`${paint.yellow('changed')}  ${line}`)
    if (result.approved !== null)
      screen.answer(`approved  ${escapeText(result.approved)}: its commands may run in this copy of the repository`)
  }
  if (plan.taken !== null && result.imported.length > 0) for (const line of renderImport(plan.taken, paint)) screen.answer(line)
  showKept(screen, result.kept)
  const named = { presets: result.presets, agents: result.agents }
  const facts = Object.entries(named).flatMap(([what, names]) => (names.length > 0 ? [`${what}: ${names.join(', ')}`] : []))
  screen.answer(paint.dim([`hooks: ${result.hooks}`, ...facts].join('   ')))
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
  const told = new Set<string>()
  for (const step of plan.steps) {
    if (step.kind === 'write' && step.group !== undefined) {
      // pages of words, which a person reads in the files
      const line = nameGroup(plan.main, step, step.group)
      if (!told.has(line)) screen.answer(`${paint.bold(step.before === null ? 'create' : 'change')}  ${line}`)
      told.add(line)
      continue
    }
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
  if (plan.taken !== null && plan.config?.isNew === true) for (const line of renderImport(plan.taken, paint)) screen.answer(line)
  showKept(
    screen,
    plan.kept.map((one) => ({ ...one, path: pathFromMain(plan.main, one.path) })),
  )
}

export function showRemoval(screen: Screen, result: RemovalResult): void {
  if (result.removed.length === 0 && result.changed.length === 0)
    screen.answer('Nothing of Flight Rules is set up here; nothing was changed.')
  for (const path of new Set(result.removed.map(nameTogether)))
    screen.answer(`${screen.paint.red('removed')}   ${escapeText(path)}`)
  for (const path of result.changed) screen.answer(`${screen.paint.yellow('restored')}  ${escapeText(path)}`)
  showKept(screen, result.kept)
}

export function showRemovalPlan(screen: Screen, plan: RemovalPlan): void {
  if (plan.steps.length === 0) screen.answer('Nothing of Flight Rules is set up here.')
  const lines = plan.steps.map((step) => describeRemoval(plan.main, step))
  for (const line of new Set(lines)) screen.answer(escapeText(line))
  if (plan.hooksPath === null) screen.answer('unset core.hooksPath')
  else if (plan.hooksPath !== undefined) screen.answer(`set core.hooksPath back to ${escapeText(plan.hooksPath)}`)
  showKept(screen, plan.kept)
}

/** Files that are much alike are one line, in the place of the first. */
function groupPaths(plan: InitPlan, paths: readonly string[]): string[] {
  const lines = paths.map((path) => {
    const step = plan.steps.find((one) => one.kind === 'write' && pathFromMain(plan.main, one.file) === path)
    return step?.kind === 'write' && step.group !== undefined ? nameGroup(plan.main, step, step.group) : escapeText(path)
  })
  return [...new Set(lines)]
}

function nameGroup(main: string, { file }: WriteStep, group: string): string {
  const [folder = '', kind = ''] = pathFromMain(main, file).split('/')
  return `${escapeText(`${folder}/${kind}`)}    ${group}`
}

function showKept(screen: Screen, kept: readonly Kept[]): void {
  for (const { path, why } of kept) {
    const [first = '', ...rest] = why.split('\n')
    screen.answer(`${screen.paint.dim('left')}     ${escapeText(path)}: ${escapeText(first)}`)
    for (const line of rest) screen.answer(`           ${escapeText(line)}`)
  }
}

function isCommitted(path: string): boolean {
  return !path.startsWith('/') && !path.startsWith('.git/') && !/(?:^|\/)\.husky\/_/.test(path)
}
