import { toolNames } from '../../../config/tool-names.ts'
import type { Finding } from '../../../errors.ts'
import { type ImportPlan, type ImportWish, planImport } from './plan-import.ts'
import { findToolFiles, toolFiles } from './tool-files.ts'

export interface FoundImport {
  readonly taken: ImportPlan | undefined
  readonly findings: readonly Finding[]
}

/**
 * What other tools' files have for the config.
 * @throws FlightRulesError IMPORT_UNREADABLE, IMPORT_MISSING, IMPORT_AMBIGUOUS.
 */
export async function findImport(main: string, wish: ImportWish): Promise<FoundImport> {
  const { readImportSources } = await import('./sources.ts')
  const sources = await readImportSources(main, typeof wish === 'string' ? toolNames : wish)
  const taken = planImport(sources, wish)
  return sources.length > 0 ? { taken, findings: [] } : { taken: undefined, findings: [nothingThere()] }
}

/** Says that there would be something to take over. */
export async function offerImport(main: string): Promise<Finding[]> {
  const files = (await findToolFiles(main)).map((tool) => toolFiles[tool])
  if (files.length === 0) return []
  return [
    {
      code: 'IMPORT_AVAILABLE',
      message: `${files.join(' and ')} ${files.length === 1 ? 'says' : 'say'} how worktrees are set up; this config does not`,
      hint: 'flightrules init --import    shows it, asks, and puts it into the config',
      details: { files },
    },
  ]
}

function nothingThere(): Finding {
  const files = toolNames.map((tool) => toolFiles[tool])
  return {
    code: 'NOTHING_TO_IMPORT',
    message: `there is nothing to take over: none of ${files.join(', ')} is here`,
    details: { files },
  }
}
