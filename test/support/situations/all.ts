import { fileSituations } from './files.ts'
import { indexSituations } from './index-states.ts'
import { nameSituations } from './names.ts'
import { operationSituations } from './operations.ts'
import { settingSituations } from './settings.ts'
import type { Situation } from './situation.ts'

/** Every state a worktree may be in that must come back as it was. */
export const situations: readonly Situation[] = [
  ...fileSituations,
  ...nameSituations,
  ...indexSituations,
  ...operationSituations,
  ...settingSituations,
].filter(({ platform = process.platform }) => platform === process.platform)
