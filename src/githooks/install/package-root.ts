import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The folder of this package, whether it runs from `src` or bundled.
 * @throws Error when the installation is incomplete.
 */
export async function requirePackageRoot(): Promise<string> {
  const here = fileURLToPath(import.meta.url)
  for (let folder = dirname(here); ; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '')
    if (/"name"\s*:\s*"flightrules"/.test(text)) return folder
    if (dirname(folder) === folder) throw new Error(`no package.json of flightrules above ${here}`)
  }
}
