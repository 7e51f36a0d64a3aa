import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A fresh folder, as a real path; it goes with the run (set TEST_KEEP=1 to look at it afterwards). */
export async function makeTemporaryDirectory(name = 'dir'): Promise<string> {
  return realpath(await mkdtemp(join(process.env['TEST_ROOT'] ?? tmpdir(), `${name}-`)))
}
