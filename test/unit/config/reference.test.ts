import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { flattenConfig } from '../../../src/config/flatten-config.ts'
import { presetNames } from '../../../src/config/preset-table.ts'
import { templateNames } from '../../../src/config/rules.ts'

const reference = await readFile(new URL('../../../docs/reference/config.md', import.meta.url), 'utf8')

test.each(flattenConfig({ config: defaultConfig, origins: {} }))(
  '$path is in the reference with its default',
  ({ path, value }) => {
    expect(reference).toContain(`| \`${path}\` | \`${JSON.stringify(value)}\` |`)
  },
)

test('the reference names no key that does not exist', () => {
  const table = reference.slice(reference.indexOf('## Keys'), reference.indexOf('## Templates'))
  const keys = [...table.matchAll(/^\| `([a-zA-Z.]+)` \| `/gm)].map((match) => match[1])
  expect(keys.sort()).toEqual(
    ['extends', ...flattenConfig({ config: defaultConfig, origins: {} }).map(({ path }) => path)].sort(),
  )
})

test('every preset and every template is in the reference', () => {
  for (const name of presetNames) expect(reference).toMatch(new RegExp(`^\\| \`${name}\` \\| \\S`, 'm'))
  for (const name of templateNames) expect(reference).toContain(`\`{${name}}\``)
})
