import { FlightRulesError } from '../errors.ts'

const units: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/**
 * Milliseconds of a length of time as typed: `30m`, `12h`, `5d`, `2w`.
 * @throws FlightRulesError BAD_DURATION.
 */
export function parseDuration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,5})([mhdw])$/.exec(text) ?? []
  const milliseconds = Number(number) * (units[unit] ?? 0)
  if (milliseconds > 0) return milliseconds
  throw new FlightRulesError({
    kind: 'usage',
    code: 'BAD_DURATION',
    message: `${JSON.stringify(text)} is no length of time`,
    hint: 'a number and m, h, d or w: 12h, 5d, 2w',
    details: { text },
  })
}
