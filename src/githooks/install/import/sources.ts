import type * as z from 'zod'
import type { ToolName } from '../../../config/types.ts'
import { codexShape, takeCodex } from './codex.ts'
import { conductorShape, takeConductor } from './conductor.ts'
import { cursorShape, takeCursor } from './cursor.ts'
import { emdashShape, takeEmdash } from './emdash.ts'
import { readForeign } from './read-foreign.ts'
import { supersetShape, takeSuperset } from './superset.ts'
import type { Taken } from './taken.ts'
import { findToolFiles, toolFiles } from './tool-files.ts'

/** Another tool's file and what of it our config can say. */
export interface ImportSource extends Taken {
  readonly tool: ToolName
  /** Relative to the main worktree. */
  readonly file: string
}

const takers: Readonly<Record<ToolName, (main: string, file: string) => Promise<Taken>>> = {
  cursor: taker(cursorShape, takeCursor),
  conductor: taker(conductorShape, takeConductor),
  codex: taker(codexShape, takeCodex),
  emdash: taker(emdashShape, takeEmdash),
  superset: taker(supersetShape, takeSuperset),
}

function taker<T>(shape: z.ZodType<T>, take: (content: T) => Taken): (main: string, file: string) => Promise<Taken> {
  return async (main, file) => take(await readForeign(main, file, shape))
}

/**
 * Reads the files of these tools that are there. @throws FlightRulesError IMPORT_UNREADABLE.
 */
export async function readImportSources(main: string, tools: readonly ToolName[]): Promise<ImportSource[]> {
  const found: ImportSource[] = []
  for (const tool of (await findToolFiles(main)).filter((name) => tools.includes(name))) {
    const file = toolFiles[tool]
    found.push({ tool, file, ...(await takers[tool](main, file)) })
  }
  return found
}
