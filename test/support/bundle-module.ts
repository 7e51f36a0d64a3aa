import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { packageRoot } from './source-files.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** One of our modules as a file that a child process of any Node can import. Gives its absolute path. */
export async function bundleModule(path: string): Promise<string> {
  const file = join(await makeTemporaryDirectory('bundle'), 'module.mjs')
  const build = await rolldown({ cwd: packageRoot, input: path, platform: 'node' })
  await build.write({ file, format: 'esm' })
  await build.close()
  return file
}
