import { expect, test } from 'vitest'
import { commandTable } from '../../../src/cli/command-table.ts'
import { allFlags } from '../../../src/commands/option-flags.ts'
import { checkGroups } from '../../../src/doctor/check.ts'
import { checkTable } from '../../../src/doctor/check-table.ts'
import { readSourceFiles } from '../../support/source-files.ts'

test('every command and flag a remedy names is there', async () => {
  const files = (await readSourceFiles('src')).filter(({ path }) => path.startsWith('src/doctor/checks/'))
  const named = files.flatMap(({ code }) => [
    ...code.matchAll(/(?<![\w./-])flightrules ([a-z-]+)((?: (?:--?[a-z-]+|<\w+>|\$\{[^}]*\}|[a-z]+))*)/g),
  ])
  expect(named.length).toBeGreaterThan(15)
  const unknown = named.flatMap(([line, verb, rest = '']) => {
    const command = commandTable.find(({ name }) => name === verb)
    if (command === undefined) return [line]
    const known = [command, ...(command.subcommands ?? [])].flatMap((one) => (one.options ?? []).flatMap(allFlags))
    return (rest.match(/--[a-z-]+/g) ?? [])
      .filter((flag) => flag !== '--json' && !known.includes(flag))
      .map((flag) => `${line}: ${flag}`)
  })
  expect(unknown).toEqual([])
})

test('every check is in the table once, under a heading that is shown', async () => {
  const files = (await readSourceFiles('src')).filter(({ path }) => path.startsWith('src/doctor/checks/'))
  const ids = checkTable.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(files.map(({ path }) => path.slice('src/doctor/checks/'.length, -'.ts'.length)).toSorted())
  expect(checkTable.filter(({ group }) => checkGroups[group] === undefined)).toEqual([])
})
