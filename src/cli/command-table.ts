import type { CommandSpec } from '../commands/command.ts'
import { agentCommand } from '../commands/agent.ts'
import { cleanupCommand } from '../commands/cleanup.ts'
import { completionCommand } from '../commands/completion.ts'
import { configCommand } from '../commands/config.ts'
import { contextCommand } from '../commands/context.ts'
import { doctorCommand } from '../commands/doctor.ts'
import { endCommand } from '../commands/end.ts'
import { envCommand } from '../commands/env.ts'
import { historyCommand } from '../commands/history.ts'
import { hookCommand } from '../commands/hook.ts'
import { initCommand } from '../commands/init.ts'
import { logCommand } from '../commands/log.ts'
import { mcpCommand } from '../commands/mcp.ts'
import { pathCommand, switchCommand } from '../commands/path.ts'
import { radarCommand } from '../commands/radar.ts'
import { restoreCommand } from '../commands/restore.ts'
import { runInSessionCommand } from '../commands/run.ts'
import { setupCommand } from '../commands/setup.ts'
import { shellInitCommand } from '../commands/shell-init.ts'
import { startCommand } from '../commands/start.ts'
import { statusCommand } from '../commands/status.ts'
import { statuslineCommand } from '../commands/statusline.ts'
import { syncCommand } from '../commands/sync.ts'
import { trashCommand } from '../commands/trash.ts'
import { trustCommand } from '../commands/trust.ts'
import { undoCommand } from '../commands/undo.ts'
import { unlockCommand } from '../commands/unlock.ts'

/** Every command: parsing, help and completion are made from this. One import and one entry a command. */
export const commandTable: readonly CommandSpec[] = [
  startCommand,
  statusCommand,
  pathCommand,
  switchCommand,
  runInSessionCommand,
  envCommand,
  setupCommand,
  logCommand,
  syncCommand,
  radarCommand,
  endCommand,
  cleanupCommand,
  undoCommand,
  historyCommand,
  unlockCommand,
  restoreCommand,
  trashCommand,
  initCommand,
  configCommand,
  trustCommand,
  doctorCommand,
  completionCommand(() => commandTable),
  shellInitCommand,
  hookCommand,
  agentCommand,
  contextCommand,
  statuslineCommand,
  mcpCommand(async (invocation) => (await import('./mcp/serve.ts')).serveMcp(invocation)),
]
