import { findEntryPoint } from './entry-points.ts'

/** A command for the setup to run, without a shell. */
export interface HookCommand {
  readonly file: string
  readonly args: readonly string[]
}

/**
 * How to run a hook that is a function in the config: a node process in the session's worktree, with the HookContext
 * as JSON in FLIGHTRULES_HOOK_CONTEXT. It ends with 1 and the error's message when the function throws.
 */
export function functionHookCommand(input: {
  /** Absolute; as in LoadedConfig. */
  readonly configFile: string
  readonly hook: 'postCreateHook' | 'preRemoveHook'
  readonly commonDir: string
}): HookCommand {
  const entry = findEntryPoint('hook-function-child')
  return { file: process.execPath, args: [entry.file, ...entry.args, input.configFile, input.hook, input.commonDir] }
}
