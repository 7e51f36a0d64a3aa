import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { renderShellInit } from '../../../src/commands/shell-init-script.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const directory = await makeTemporaryDirectory('shell-init')
const target = join(directory, 'a session\n')
const bin = join(directory, 'project', 'node_modules', '.bin')
await mkdir(target)
await mkdir(join(directory, 'project', 'deep', 'down'), { recursive: true })
await mkdir(bin, { recursive: true })
await writeFile(
  join(bin, 'flightrules'),
  `#!/bin/sh
if [ "$1" = path ] && [ "$2" = known ]; then printf '%s\\n' "$SESSION"; exit; fi
if [ "$1" = path ]; then echo 'no such session' >&2; exit 2; fi
echo "called: $*"
`,
)
await chmod(join(bin, 'flightrules'), 0o755)

/** Sources the script in a real bash, without the binary on PATH. */
async function inBash(line: string): Promise<string> {
  const script = `${renderShellInit('bash')}\ncd project/deep/down\n${line}`
  const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', script], {
    cwd: directory,
    env: { PATH: '/usr/bin:/bin', SESSION: target },
  })
  return stdout
}

test('switch changes directory, also where the path ends with a newline', async () => {
  expect(await inBash('flightrules switch known && printf %s "$PWD"')).toBe(target)
})

test('a session that is not known leaves the shell where it is and says so', async () => {
  expect(await inBash('fr switch other 2>/dev/null; echo "$? ${PWD##*/}"')).toBe('2 down\n')
})

test('everything else is passed on', async () => {
  expect(await inBash('fr switch --help; flightrules switch known --json; fr status "a b"')).toBe(
    'called: switch --help\ncalled: switch known --json\ncalled: status a b\n',
  )
})

test('without the binary anywhere it says so', async () => {
  expect(await inBash('cd /; flightrules status 2>&1; echo $?')).toBe('flightrules: not found on PATH or in node_modules\n127\n')
})
