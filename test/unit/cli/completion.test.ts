import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { CommandSpec } from '../../../src/commands/command.ts'
import { renderCompletion } from '../../../src/commands/completion-script.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const table: readonly CommandSpec[] = [
  {
    name: 'start',
    summary: "begin someone's work: now",
    options: [{ flags: '--mode <m>', description: 'm', choices: ['fast', 'slow'] }],
  },
  {
    name: 'config',
    summary: 'config',
    subcommands: [
      { name: 'show', summary: 'show' },
      { name: 'schema', summary: 'schema' },
    ],
  },
]

async function complete(...words: string[]): Promise<string[]> {
  const directory = await makeTemporaryDirectory('completion')
  const script = join(directory, 'flightrules.bash')
  await writeFile(script, `${renderCompletion('bash', table)}\n`)
  const { stdout } = await promisify(execFile)('bash', [
    '-c',
    'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _flightrules; printf "%s\\n" "${COMPREPLY[@]}"',
    'bash',
    script,
    ...words,
  ])
  return stdout.split('\n').filter((word) => word !== '')
}

test('bash completes verbs, flags, allowed values and inner verbs', async () => {
  expect(await complete('flightrules', 'st')).toEqual(['start'])
  expect(await complete('flightrules', 'start', '--mo')).toEqual(['--mode'])
  expect(await complete('flightrules', 'start', '--mode', 'f')).toEqual(['fast'])
  expect(await complete('flightrules', '--json', 'config', 's')).toEqual(['show', 'schema'])
  expect(await complete('flightrules', 'config', 'show', '--dr')).toEqual(['--dry-run'])
})

test('a quote in a summary breaks no script', () => {
  expect(renderCompletion('zsh', table)).toContain(`'start:begin someone'\\''s work: now'`)
  expect(renderCompletion('fish', table)).toContain(`-d 'begin someone\\'s work: now'`)
})
