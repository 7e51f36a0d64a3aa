import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { toolNames } from '../../../config/tool-names.ts'
import type { ToolName } from '../../../config/types.ts'

/** Where each tool keeps how its worktrees are set up, relative to the main worktree. */
export const toolFiles: Readonly<Record<ToolName, string>> = {
  cursor: '.cursor/worktrees.json',
  conductor: 'conductor.json',
  codex: '.codex/environments/environment.toml',
  emdash: '.emdash.json',
  superset: '.superset/config.json',
}

/** The tools whose file is there, whatever is in it. */
export async function findToolFiles(main: string): Promise<ToolName[]> {
  const there = await Promise.all(
    toolNames.map((tool) =>
      lstat(join(main, toolFiles[tool])).then(
        () => true,
        () => false,
      ),
    ),
  )
  return toolNames.filter((_, index) => there[index])
}
