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
  const { findPlace, readHere, readOthers } = await import('../sessions/here.ts')
  const { renderStatusline } = await import('../ui/views/statusline-view.ts')
  const place = await findPlace(findStatusDirectory(fields ?? {}) ?? invocation.cwd)
  const here = place === undefined ? undefined : await readHere(place, invocation.env, invocation.signal)
  const others = here === undefined ? { others: [], orphaned: [] } : await readOthers(here)
  const line = here === undefined ? '' : renderStatusline(here, others, invocation.screen.paint)
  return {
    data: { line: removePaint(line), ...describeHere(here), ...others },
    view: (screen) => {
      if (line !== '') screen.answer(line)
    },
  }
}

function describeHere(here: Here | undefined): Readonly<Record<string, unknown>> {
  if (here === undefined) return { place: 'none', worktree: null, session: null }
  const { place, worktree, session } = here
  if (session === null) return { place, worktree, session }
  const { id, base, goals, ports, operation, standing, setup, status } = session
  return {
    place,
    worktree,
    session: { id, status, base, goals, ports, operation, setup: setup?.status ?? null, ...standing },
  }
}
