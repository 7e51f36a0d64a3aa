import { join } from 'node:path'
import { readPresent } from '../../files/read-text.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { type AgentName, agentNames } from '../agent-names.ts'
import type { PlannedFile, PlannedFiles } from '../planned-file.ts'
import { type CommandFile, commandName, renderCommand } from './formats.ts'
import { readSeal, withoutReturns } from './seal.ts'
import { commandTemplates } from './templates/all.ts'

const why = 'a slash command for the agent'

/** The slash commands of one agent: written where they are missing, brought up to date where nobody has edited them. */
export async function planCommandFiles(main: string, agent: AgentName): Promise<PlannedFiles> {
  const files: PlannedFile[] = []
  const kept: { path: string; why: string }[] = []
  for (const wanted of listCommandFiles(agent)) {
    const link = await findSymlink(main, wanted.path)
    const reason = link === undefined ? await planOne(main, wanted, groupOf(agent), files) : linkReason
    const path = join(main, link ?? wanted.path)
    if (reason !== undefined && !kept.some((one) => one.path === path)) kept.push({ path, why: reason })
  }
  return { files, kept }
}

/** Every file a slash command of ours may be in. */
export function listCommandPaths(): string[] {
  return agentNames.flatMap((agent) => listCommandFiles(agent).map(({ path }) => path))
}

/** The folder of an agent's slash commands that a file from the project's root is one of, undefined for any other file. */
export function findCommandFolder(path: string): string | undefined {
  return listCommandPaths().includes(path) ? path.split('/').slice(0, 2).join('/') : undefined
}

function listCommandFiles(agent: AgentName): CommandFile[] {
  return commandTemplates.flatMap((template) => renderCommand(agent, template))
}

function groupOf(agent: AgentName): string {
  const [first] = commandTemplates
  const example = first === undefined ? '' : commandName(agent, first)
  return `${commandTemplates.length} slash commands for ${agent}: ${example} and others`
}

const linkReason = 'it is a link, so no slash command was written through it'

/** Adds what is to be written; otherwise says why it is left, undefined where it is up to date. */
async function planOne(
  main: string,
  { path, text }: CommandFile,
  group: string,
  files: PlannedFile[],
): Promise<string | undefined> {
  const file = join(main, path)
  const present = await readPresent(file)
  const after = Buffer.from(text)
  if (present === undefined) {
    files.push({ file, before: null, after, mode: 0o644, why, group })
    return undefined
  }
  if (present === 'other') return 'it is no plain file'
  const state = readSeal(present.text ?? '')
  if (state === 'edited') return 'it was edited since init wrote it; to get the new one, delete it and run init again'
  if (state === 'foreign') return 'it is not from init; move it away and run init again to get the slash command of this name'
  // git may have given it other line ends
  if (withoutReturns(present.text ?? '') !== text) files.push({ file, before: present.bytes, after, mode: present.mode, why })
  return undefined
}
