import type { PastOperation } from '../sessions/undo/find-undoable.ts'
import type { UndoPlan } from '../sessions/undo/plan-undo.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const undoCommand: CommandSpec = {
  name: 'undo',
  summary: 'take the last operation back: a start, merge, end, sync, restore or clean-up',
  arguments: [{ syntax: '[operation]', description: 'one that is not the last, as history names it' }],
  examples: ['flightrules undo --dry-run', 'flightrules undo', 'flightrules undo 3f2a91c0'],
  run: runUndo,
}

async function runUndo(invocation: Invocation): Promise<Outcome> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, findings } = await openSessions(invocation)
  const [{ requirePastOperation }, { loadHistory }, { planUndo }] = await Promise.all([
    import('../sessions/undo/find-undoable.ts'),
    import('../operations/history.ts'),
    import('../sessions/undo/plan-undo.ts'),
  ])
  const [name] = invocation.arguments
  const past = requirePastOperation(await loadHistory(context.location.commonDir), typeof name === 'string' ? name : undefined)
  const plan = await planUndo(context, past)
  if (invocation.dryRun) {
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    const data = { version: 1, command: 'undo', steps: plan.steps, choices: [], findings: plan.findings } as const
    return {
      data: { plan: data },
      findings: plan.findings,
      view: (screen) => screen.answer(`${capitalize(plan.summary)}.\n${renderPlan(data)}`),
    }
  }
  if (invocation.interactive && !invocation.yes && !(await confirm(invocation, plan))) {
    return { data: { undone: null }, findings, view: (screen) => screen.answer('Nothing was undone.') }
  }
  const { undo } = await import('../sessions/undo/undo-last.ts')
  const undone = await undo(context, past)
  return {
    data: toData(past, undone.paths),
    findings: [...findings, ...undone.findings],
    view: (screen) => {
      const go = undone.paths.map((path) => `\n  ${path}`).join('')
      screen.answer(`Undone: ${plan.summary}${go}`)
    },
  }
}

function toData({ op, lines }: PastOperation, paths: readonly string[]): unknown {
  return { undone: { op, event: lines[0]?.event, ids: lines.map(({ id }) => id) }, paths }
}

async function confirm(invocation: Invocation, plan: UndoPlan): Promise<boolean> {
  const { askChoice } = await import('../ui/prompt.ts')
  const answer = await askChoice(
    `${capitalize(plan.summary)}. Go on?`,
    [
      { value: 'undo', label: 'undo it' },
      { value: 'stop', label: 'leave everything as it is' },
    ] as const,
    invocation.signal,
  )
  return answer === 'undo'
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
