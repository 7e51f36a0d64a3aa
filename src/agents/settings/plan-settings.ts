import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { readPresent } from '../../files/read-text.ts'
import type { PlannedFiles } from '../planned-file.ts'
import { claudeSettingsFile, planClaudeSettings } from './claude-settings.ts'

/** Our hooks in the settings of the one agent that has hooks. What cannot be changed safely is kept and named. */
export async function planSettings(main: string, packageFolder: string): Promise<PlannedFiles> {
  const file = join(main, claudeSettingsFile)
  const keep = (why: string): PlannedFiles => ({ files: [], kept: [{ path: file, why }] })
  const folder = await lstat(join(main, '.claude')).catch(() => undefined)
  const present = await readPresent(file)
  if (folder?.isDirectory() === false || present === 'other') return keep('it is no plain file in a plain folder of the project')
  const before = present?.bytes ?? null
  try {
    const after = Buffer.from(planClaudeSettings(present === undefined ? undefined : textOf(present.bytes), packageFolder))
    if (before !== null && after.equals(before)) return { files: [], kept: [] }
    return { files: [{ file, before, after, mode: present?.mode ?? 0o644, why: "the agent's own hooks" }], kept: [] }
  } catch (error) {
    if (!(error instanceof FlightRulesError)) throw error
    return keep(error.message)
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8')
}
