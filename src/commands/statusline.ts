import { findStatusDirectory, statusPatience } from '../agents/status-input.ts'
import type { Here } from '../sessions/here.ts'
import { removePaint } from '../ui/paint.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const statuslineCommand: CommandSpec = {
  name: 'statusline',
  summary: "where this directory is, in one line, for a shell's prompt and an agent's status line; reads the agent's JSON",
  examples: ['flightrules statusline', 'FORCE_COLOR=1 flightrules statusline', 'flightrules statusline --json'],
  run: printStatusline,
}

/** Without flags the binary goes a shorter way to the same line. */
async function printStatusline(invocation: Invocation): Promise<Outcome> {
  const fields = await invocation.object?.(statusPatience)
  const { readHere } = await import('../sessions/here.ts')
  const { renderStatusline } = await import('../ui/views/statusline-view.ts')
  const here = await readHere(findStatusDirectory(fields ?? {}) ?? invocation.cwd, invocation.env, invocation.signal)
  const line = renderStatusline(here, invocation.screen.paint)
  return {
    data: toData(here, removePaint(line)),
    view: (screen) => {
      if (line !== '') screen.answer(line)
    },
  }
}

function toData(here: Here | undefined, line: string): unknown {
  if (here === undefined) return { line, place: 'none', worktree: null, session: null, others: [], orphaned: [] }
  const { place, worktree, session, others, orphaned } = here
  if (session === null) return { line, place, worktree, session, others, orphaned }
  const { id, base, goals, ports, operation, standing, setup, status } = session
  return {
    line,
    place,
    worktree,
    session: { id, status, base, goals, ports, operation, setup: setup?.status ?? null, ...standing },
    others,
    orphaned,
  }
}
