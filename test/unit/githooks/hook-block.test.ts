import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { hookNames, insertBlock, loadHookBlock, removeBlock } from '../../../src/githooks/install/hook-block.ts'

const block = '# >>> flightrules >>>\nours\n# <<< flightrules <<<\n'
const packageRoot = join(fileURLToPath(import.meta.url), '../../../..')

test.each([
  ['', block],
  ['pnpm test\n', `${block}pnpm test\n`],
  ['#!/bin/sh\npnpm test\n', `#!/bin/sh\n${block}pnpm test\n`],
  ['#!/bin/sh\n# about\n# this\n\npnpm test', `#!/bin/sh\n# about\n# this\n${block}\npnpm test`],
  ['#!/bin/sh\n# shellcheck disable=SC1\npnpm test\n', `#!/bin/sh\n${block}# shellcheck disable=SC1\npnpm test\n`],
  ['exec other "$@"\n', `${block}exec other "$@"\n`],
])('in %j the block is before anything that runs', (before, after) => {
  expect(insertBlock(before, block)).toBe(after)
  expect(removeBlock(after)).toBe(before)
})

test('a block that is there is replaced where it is', () => {
  const newer = block.replace('ours', 'newer $& $1')
  expect(insertBlock(`a\n${block}b\n`, newer)).toBe(`a\n${newer}b\n`)
})

test('a first line without an end gets one', () => {
  expect(insertBlock('#!/bin/sh', block)).toBe(`#!/bin/sh\n${block}`)
})

test('settings are quoted for the shell', async () => {
  const settings = { husky: "it's/.husky", package: 'a $& b' }
  for (const name of hookNames) {
    const text = await loadHookBlock(packageRoot, name, settings)
    expect(text).toContain("flightrules_package='a $& b'\n")
    expect(text.includes("flightrules_husky='it'\\''s/.husky'\n")).toBe(name === 'post-checkout')
    expect(text).toMatch(/^# >>> flightrules >>>\n# Flight Rules: .*init --remove.*\n/)
  }
})
