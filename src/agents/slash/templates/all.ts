import type { CommandTemplate } from '../command-template.ts'
import { cleanupTemplate } from './cleanup.ts'
import { endTemplate } from './end.ts'
import { overviewTemplate } from './overview.ts'
import { radarTemplate } from './radar.ts'
import { startTemplate } from './start.ts'
import { statusTemplate } from './status.ts'
import { syncTemplate } from './sync.ts'

/** The slash commands, each for every agent. */
export const commandTemplates: readonly CommandTemplate[] = [
  startTemplate,
  endTemplate,
  statusTemplate,
  cleanupTemplate,
  syncTemplate,
  radarTemplate,
  overviewTemplate,
]
