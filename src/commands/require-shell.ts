import { FlightRulesError } from '../errors.ts'

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** The shell a person named. @throws FlightRulesError UNKNOWN_SHELL */
export function requireShell(value: unknown): Shell {
  const found = shells.find((shell) => shell === value)
  if (found !== undefined) return found
  throw new FlightRulesError({
    kind: 'usage',
    code: 'UNKNOWN_SHELL',
    message: `there is nothing for the shell ${String(value)}: only for ${shells.join(', ')}`,
    hint: `give one of ${shells.join(', ')}`,
    details: { shells },
  })
}
