import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, readdir, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { makeTemporaryDirectory } from './temporary-directory.ts'

const run = promisify(execFile)
const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/**
 * Builds the package aside, packs it as `npm publish` would, and lays the tarball out as `npm install` would, without
 * asking a registry: its two dependencies are links to the ones here. Gives the folder that holds `node_modules`.
 */
export async function installPacked(): Promise<string> {
  const work = await makeTemporaryDirectory('packed')
  const source = join(work, 'source')
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: string[] }
  await mkdir(source)
  for (const entry of ['package.json', 'README.md', 'LICENSE', ...files]) {
    if (entry === 'dist' || !existsSync(join(root, entry))) continue
    await cp(join(root, entry), join(source, entry), { recursive: true })
  }
  await run(process.execPath, [join(root, 'scripts/build.mjs'), '--out', join(source, 'dist')])
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', work], {
    cwd: source,
    shell: process.platform === 'win32',
  })
  const tarball = (await readdir(work)).find((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  const modules = join(work, 'node_modules')
  await mkdir(join(modules, 'flightrules'), { recursive: true })
  await run('tar', ['-xzf', join(work, tarball), '--strip-components', '1', '-C', join(modules, 'flightrules')])
  for (const name of ['husky', 'jiti']) await symlink(join(root, 'node_modules', name), join(modules, name), 'junction')
  await linkBinaries(modules)
  return work
}

/** The folder of the packed package, as installed for this run. */
export function packedPackage(): string {
  const work = process.env['TEST_PACKED']
  if (work === undefined) throw new Error('the packed package is there in the integration and e2e projects only')
  return join(work, 'node_modules', 'flightrules')
}

/** Puts the packed package into a folder's node_modules, as a project that depends on it has it. */
export async function installInto(directory: string): Promise<void> {
  const modules = join(directory, 'node_modules')
  await mkdir(modules, { recursive: true })
  await symlink(packedPackage(), join(modules, 'flightrules'), 'junction')
  for (const name of ['husky', 'jiti']) await symlink(join(root, 'node_modules', name), join(modules, name), 'junction')
  await linkBinaries(modules)
}

async function linkBinaries(modules: string): Promise<void> {
  await mkdir(join(modules, '.bin'), { recursive: true })
  if (process.platform === 'win32') return
  for (const name of ['flightrules', 'fr']) await symlink('../flightrules/dist/cli.cjs', join(modules, '.bin', name))
  await symlink('../husky/bin.js', join(modules, '.bin', 'husky'))
}
