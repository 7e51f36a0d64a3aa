import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findProcessesIn } from '../../../src/sessions/live-processes.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test.skipIf(!readdirSync('/').includes('proc'))('a process that only has pipes open is not where this one is', async () => {
  const elsewhere = await makeTemporaryDirectory()
  const program = 'process.stdout.write("up"); process.stdin.resume()'
  const child = spawn(process.execPath, ['-e', program], { cwd: elsewhere, stdio: ['pipe', 'pipe', 'ignore'] })
  try {
    await once(child.stdout, 'data')
    const [here, there] = await Promise.all([process.cwd(), elsewhere].map((place) => findProcessesIn([place], 'thorough')))
    expect(here).not.toContainEqual(expect.objectContaining({ pid: child.pid }))
    expect(there).toContainEqual(expect.objectContaining({ pid: child.pid }))
  } finally {
    child.kill()
  }
})
