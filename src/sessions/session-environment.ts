import { sessionVariables } from '../setup/session-variables.ts'
import { expandTemplate } from '../setup/expand-template.ts'
import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** What goes into the env block: the ports, and the declared variables with their templates filled in. */
export function sessionEnvBlock(context: Context, session: Session, worktree: string): Record<string, string> {
  const values: Record<string, string> = { ...templateValues(context, session, worktree) }
  const block: Record<string, string> = {}
  for (const [name, port] of Object.entries(session.ports)) block[name] = values[name] = String(port)
  for (const [name, template] of Object.entries(context.loaded.config.env)) {
    block[name] = values[name] = expandTemplate(template, values)
  }
  return block
}

/** What commands get: the block, and who they run for. */
export function sessionEnvironment(context: Context, session: Session, worktree: string): Record<string, string> {
  const block = sessionEnvBlock(context, session, worktree)
  return {
    ...block,
    FLIGHTRULES_SESSION: session.id,
    FLIGHTRULES_WORKTREE: worktree,
    FLIGHTRULES_MAIN: context.main,
    FLIGHTRULES_BRANCH: session.branch ?? '',
    FLIGHTRULES_BASE: session.base,
    FLIGHTRULES_HOOK_CONTEXT: JSON.stringify({
      project: context.project,
      session: session.id,
      branch: session.branch ?? '',
      base: session.base,
      main: context.main,
      worktree,
      ports: session.ports,
      env: block,
    }),
  }
}

function templateValues(context: Context, session: Session, worktree: string): Record<string, string> {
  return sessionVariables({
    project: context.project,
    session: session.id,
    branch: session.branch ?? '',
    base: session.base,
    main: context.main,
    worktree,
  })
}
