import { expect, it } from 'vitest'
import { logCommand } from '../../../../src/commands/log.ts'
import { FlightRulesError } from '../../../../src/errors.ts'
import { requireSection, sectionNames } from '../../../../src/sessions/log/sections.ts'

it.each([
  ['plan', 'plan'],
  ['Summary', 'summary'],
  ['decision', 'decisions'],
  ['next-steps', 'next-steps'],
  ['next steps', 'next-steps'],
  ['Next Steps', 'next-steps'],
  ['nextsteps', 'next-steps'],
  [' next ', 'next-steps'],
])('%j is the section %s', (typed, section) => {
  expect(requireSection(typed)).toBe(section)
})

it.each([
  ['plann', 'did you mean plan?'],
  ['decisons', 'did you mean decisions?'],
  ['goals', 'flightrules log --help'],
  ['', 'flightrules log --help'],
  ['constructor', 'flightrules log --help'],
])('%j is none', (typed, hint) => {
  const refusal = (): unknown => requireSection(typed)
  expect(refusal).toThrow(FlightRulesError)
  expect(refusal).toThrow(
    expect.objectContaining({
      code: 'UNKNOWN_SECTION',
      exitStatus: 2,
      hint,
      message: `--append: '${typed}' is no section of a session log; allowed are plan, summary, decisions, next-steps`,
    }),
  )
})

it('completion offers them all', () => {
  expect(logCommand.options?.find(({ flags }) => flags.startsWith('--append'))?.offered).toEqual(sectionNames)
})
