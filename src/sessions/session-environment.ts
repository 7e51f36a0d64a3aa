import type { HookContext } from '../config/types.ts'
import { sessionVariables } from '../setup/session-variables.ts'
import { toolVariables } from '../setup/tool-variables.ts'
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

/** Who and where, for commands and people's scripts; by the names other tools have for it too, where the config says so. */
export function sessionFacts(context: Context, session: Session, worktree: string): Record<string, string> {
  return {
    FLIGHTRULES_SESSION: session.id,
    FLIGHTRULES_WORKTREE: worktree,
    FLIGHTRULES_MAIN: context.main,
    FLIGHTRULES_BRANCH: session.branch ?? '',
    FLIGHTRULES_BASE: session.base,
    ...toolVariables(context.loaded.config.aliases, {
      name: session.id,
      worktree,
      main: context.main,
      base: session.base,
    }),
  }
}

/** What commands get: the block, who they run for, and the same as one value for hook functions. */
export function sessionEnvironment(context: Context, session: Session, worktree: string): Record<string, string> {
  const env = sessionEnvBlock(context, session, worktree)
  const { project, main } = context
  const { base, ports } = session
  const hookContext: HookContext = {
    project,
    session: session.id,
    branch: session.branch ?? '',
    base,
    main,
    worktree,
    ports,
    env,
  }
  return { ...env, ...sessionFacts(context, session, worktree), FLIGHTRULES_HOOK_CONTEXT: JSON.stringify(hookContext) }
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
