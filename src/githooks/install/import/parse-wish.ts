import { findNearest } from '../../../config/nearest.ts'
import { toolNames } from '../../../config/tool-names.ts'
import type { ToolName } from '../../../config/types.ts'
import { FlightRulesError } from '../../../errors.ts'
import type { ImportWish } from './plan-import.ts'

/**
 * Reads the value of `--import`: names of tools with commas between, `all`, or none.
 * @throws FlightRulesError USAGE for a name that is none of these.
 */
export function parseImportWish(value: string | true): ImportWish {
  if (value === true) return 'found'
  if (value === 'all') return 'all'
  const names = value.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isToolName(name))
  if (unknown === undefined) return names.filter(isToolName)
  const nearest = findNearest(unknown, toolNames)
  throw new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `${JSON.stringify(unknown)} is no tool whose worktree setup can be taken over; allowed: ${toolNames.join(', ')}, all`,
    hint: `flightrules init --import ${nearest ?? toolNames.join(',')}`,
    details: { value },
  })
}

function isToolName(name: string): name is ToolName {
  return (toolNames as readonly string[]).includes(name)
}
