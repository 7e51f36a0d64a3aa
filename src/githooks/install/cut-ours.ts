import { basename, join, sep } from 'node:path'
import { listCommandPaths } from '../../agents/slash/plan-command-files.ts'
import { readSeal } from '../../agents/slash/seal.ts'
import { claudeSettingsFile, removeClaudeSettings } from '../../agents/settings/claude-settings.ts'
import { removeScript } from './add-script.ts'
import { findBlock, removeBlock } from './hook-block.ts'
import { prepareScript } from './husky-hooks.ts'

export const localConfigPattern = '/flightrules.config.local.*'

/** The bytes of a file without what is ours in them, undefined when nothing is. */
export function cutOurs(file: string, bytes: Uint8Array): Uint8Array | undefined {
  if (isAt(file, claudeSettingsFile)) return cutSettings(bytes)
  if (isCommandFile(file)) return readSeal(Buffer.from(bytes).toString('utf8')) === 'unedited' ? new Uint8Array() : undefined
  let text = Buffer.from(bytes).toString('latin1')
  const whole = text
  const pattern = new RegExp(`^${localConfigPattern.replace(/[.*]/g, '\\$&')}\\n`, 'm')
  // in git's exclude file the block holds other sessions' patterns too
  if (pattern.test(text)) text = text.replace(pattern, '')
  else while (findBlock(text) !== undefined) text = removeBlock(text)
  if (basename(file) === 'package.json') text = removeScript(text, 'prepare', prepareScript) ?? text
  return text === whole ? undefined : Buffer.from(text, 'latin1')
}

/** Whether what is left of a file without ours is worth keeping. */
export function isNothing(bytes: Uint8Array): boolean {
  return /^(?:#!\/bin\/sh|\{\s*\})?\s*$/.test(Buffer.from(bytes).toString('latin1'))
}

/** A slash command that stays although it is ours, because a person has edited it. */
export function isEditedCommand(file: string, bytes: Uint8Array): boolean {
  return isCommandFile(file) && readSeal(Buffer.from(bytes).toString('utf8')) === 'edited'
}

function isCommandFile(file: string): boolean {
  return listCommandPaths().some((path) => isAt(file, path))
}

function isAt(file: string, path: string): boolean {
  return file.endsWith(`${sep}${join(path)}`)
}

function cutSettings(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  try {
    const cut = removeClaudeSettings(text)
    return cut === text ? undefined : Buffer.from(cut)
  } catch {
    // what nobody can read has nothing that is known to be ours
    return undefined
  }
}
