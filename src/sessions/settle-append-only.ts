import type { LoadedConfig, ResolvedConfig } from '../config/types.ts'
import type { Finding } from '../errors.ts'
import { placeAttributes, toUnionLine } from '../git/append-attributes.ts'

/** The lines of git's attributes the config asks for. */
export function listUnionLines({ appendOnly }: Pick<ResolvedConfig, 'appendOnly'>): string[] {
  return [...new Set(appendOnly.map(toUnionLine))]
}

/**
 * Tells git which files lines are only added to, where the config that says so is approved. That it could not be told is a finding: such
 * files conflict then as others do.
 */
export async function settleAppendOnly(commonDir: string, loaded: Pick<LoadedConfig, 'config' | 'trust'>): Promise<Finding[]> {
  if (loaded.trust === 'unapproved') return []
  try {
    await placeAttributes(commonDir, listUnionLines(loaded.config))
    return []
  } catch (error) {
    return [
      {
        code: 'ATTRIBUTES_NOT_WRITTEN',
        message: `git could not be told which files lines are only added to (appendOnly): ${(error as Error).message}`,
        hint: 'flightrules doctor --fix',
      },
    ]
  }
}
