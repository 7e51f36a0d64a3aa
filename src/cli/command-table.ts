import type { CommandSpec } from '../commands/command.ts'
import { completionCommand } from '../commands/completion.ts'
import { configCommand } from '../commands/config.ts'
import { hookCommand } from '../commands/hook.ts'
import { initCommand } from '../commands/init.ts'
import { shellInitCommand } from '../commands/shell-init.ts'
import { trustCommand } from '../commands/trust.ts'

/** Every command: parsing, help and completion are made from this. One import and one entry a command. */
export const commandTable: readonly CommandSpec[] = [initCommand, hookCommand, completionCommand(() => commandTable), configCommand, trustCommand, shellInitCommand]
