import { findNearest } from '../../config/nearest.ts'
import { FlightRulesError } from '../../errors.ts'

/** What may be added to, in the order the sections have in a log. */
export const sectionTitles = {
  plan: 'Plan',
  summary: 'Summary',
  decisions: 'Decisions',
  'next-steps': 'Next steps',
} as const

export type SectionName = keyof typeof sectionTitles

export const sectionNames = Object.keys(sectionTitles) as SectionName[]

const otherNames = new Map<string, SectionName>([
  ['next', 'next-steps'],
  ['decision', 'decisions'],
])

/** @throws FlightRulesError UNKNOWN_SECTION (usage) for what is none, with the nearest. */
export function requireSection(typed: string): SectionName {
  const name = typed
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  const found = otherNames.get(name) ?? sectionNames.find((known) => known === name || known.replace('-', '') === name)
  if (found !== undefined) return found
  const nearest = findNearest(typed, sectionNames)
  throw new FlightRulesError({
    kind: 'usage',
    code: 'UNKNOWN_SECTION',
    message: `--append: '${typed}' is no section of a session log; allowed are ${sectionNames.join(', ')}`,
    hint: nearest === undefined ? 'flightrules log --help' : `did you mean ${nearest}?`,
    details: { section: typed, allowed: sectionNames, ...(nearest === undefined ? {} : { nearest }) },
  })
}
