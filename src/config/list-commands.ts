import type { ResolvedConfig } from './types.ts'

/** A command of the project and when it runs. */
export interface TrustedCommand {
  readonly phase: 'postCreateHook' | 'preRemoveHook'
  readonly command: string
}

/** Every command a config makes run, in the order they would. */
export function listCommands(config: ResolvedConfig): TrustedCommand[] {
  return (['postCreateHook', 'preRemoveHook'] as const).flatMap((phase) => {
    const hook = config[phase]
    if ('function' in hook) return [{ phase, command: 'a function of the config' }]
    return hook.map((command) => ({ phase, command }))
  })
}
