import type { PortRequest, ToolName } from '../../../config/types.ts'
import { type Choice, FlightRulesError } from '../../../errors.ts'
import type { ImportSource } from './sources.ts'
import { toolFiles } from './tool-files.ts'

/** What goes into the config of several tools' files. */
export interface ImportPlan {
  readonly sources: readonly ImportSource[]
  /** Whose names the commands get. */
  readonly aliases: readonly ToolName[]
  readonly postCreateHook: readonly string[]
  readonly preRemoveHook: readonly string[]
  readonly envFiles: readonly string[]
  readonly ports: Readonly<Record<string, PortRequest>>
}

/** `found`: whatever is there. Else the tools a person named, or all of them. */
export type ImportWish = 'found' | 'all' | readonly ToolName[]

/**
 * Joins what was read; what two files say alike is there once.
 * @throws FlightRulesError IMPORT_MISSING (usage) where a tool that was named has no file; IMPORT_AMBIGUOUS (decision) where several files
 * set up in different ways and nobody said which counts: each would do the other's work again.
 */
export function planImport(sources: readonly ImportSource[], wish: ImportWish): ImportPlan {
  if (Array.isArray(wish)) requireAll(sources, wish as readonly ToolName[])
  const setups = new Set(sources.filter(({ setup }) => setup.length > 0).map(({ setup }) => JSON.stringify(setup)))
  if (wish === 'found' && setups.size > 1) throw ambiguous(sources)
  const join = (pick: (source: ImportSource) => readonly string[]): string[] => [...new Set(sources.flatMap(pick))]
  return {
    sources,
    aliases: sources.map(({ tool }) => tool),
    postCreateHook: join(({ setup }) => setup),
    preRemoveHook: join(({ teardown }) => teardown),
    envFiles: join(({ envFiles = [] }) => envFiles),
    ports: Object.assign({}, ...sources.map(({ ports }) => ports)) as Record<string, PortRequest>,
  }
}

function requireAll(sources: readonly ImportSource[], tools: readonly ToolName[]): void {
  const missing = tools.find((tool) => sources.every((source) => source.tool !== tool))
  if (missing === undefined) return
  throw new FlightRulesError({
    kind: 'usage',
    code: 'IMPORT_MISSING',
    message: `there is no ${toolFiles[missing]} to take over; nothing was changed`,
    hint: 'flightrules init --import    takes over what is there',
    details: { tool: missing, file: toolFiles[missing] },
  })
}

function ambiguous(sources: readonly ImportSource[]): FlightRulesError {
  const having = sources.filter(({ setup }) => setup.length > 0)
  const choices = having.map(({ tool, file, setup }): Choice => ({
    flag: `--import ${tool}`,
    label: `${file} only: ${shorten(setup.join('; '))}`,
  }))
  return new FlightRulesError({
    kind: 'decision',
    code: 'IMPORT_AMBIGUOUS',
    message: `${having.map(({ file }) => file).join(' and ')} set worktrees up in different ways; each may do the work of the others again`,
    hint: 'say which counts; what only the others have can be added to the config by hand',
    choices: [...choices, { flag: '--import all', label: 'All of them, one after the other' }],
    details: { files: having.map(({ file }) => file) },
  })
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}
