import type { CommandSpec } from '../commands/command.ts'
import { completionCommand } from '../commands/completion.ts'
import { shellInitCommand } from '../commands/shell-init.ts'

/** Every command: parsing, help and completion are made from this. One import and one entry a command. */
export const commandTable: readonly CommandSpec[] = [completionCommand(() => commandTable), shellInitCommand]
