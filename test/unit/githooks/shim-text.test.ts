import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hookNames } from '../../../src/githooks/install/hook-block.ts'

const files = hookNames.map((name) => new URL(`../../../hooks/${name}`, import.meta.url).pathname)
const texts = files.map((file) => readFileSync(file, 'utf8'))

describe.each([
  ['dash', '/usr/bin/dash', ['-n']],
  ['busybox', '/usr/bin/busybox', ['sh', '-n']],
  ['shellcheck', '/usr/bin/shellcheck', ['-s', 'sh']],
])('%s has nothing to say', (_, program, args) => {
  test.skipIf(!existsSync(program)).each(files)('against %s', (file) => {
    expect(execFileSync(program, [...args, file], { encoding: 'utf8' })).toBe('')
  })
})

test('every shim finds repository and binary in the same way', () => {
  const shared = texts.map((text) =>
    /# flightrules_text[\s\S]*?\n(?=\nflightrules_missing_once|\n# husky|\nflightrules_p)/.exec(text)?.[0].trim(),
  )
  expect(shared[0]).toBeDefined()
  expect(new Set(shared).size).toBe(1)
})

test('no shim calls npx, and all names are ours', () => {
  for (const text of texts) {
    expect(text.replace(/^.*#.*$/gm, '')).not.toMatch(/\bnpx\b/)
    const names = [...text.matchAll(/^\s*(?:for )?([A-Za-z_]\w*)(?:=| in |\(\))/gm)].map((match) => match[1])
    expect(names.filter((name) => name?.startsWith('flightrules_') !== true && name !== 'IFS')).toEqual([])
  }
})
