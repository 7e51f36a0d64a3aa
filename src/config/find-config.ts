import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { largestSource, packageProperty } from './config-names.ts'
import { findPackageProperty } from './package-property.ts'
import { listPresentFiles } from './present-files.ts'
import { failedConfig } from './problem.ts'

/**
 * The project's config file, found by cosmiconfig and not evaluated; only the main worktree's root is looked at.
 *
 * Its `Explorer` is used and not its front door: that one first loads `.config/config.js` of the current directory
 * to configure itself, which is code nobody approved.
 */
export async function findConfigFile(main: string): Promise<string | undefined> {
  const [first] = (await listPresentFiles(main)).configs
  if (first === undefined) return undefined
  await requireReadable(join(main, first))
  const { Explorer } = (await import('cosmiconfig/dist/Explorer.js')) as unknown as ExplorerModule
  const found = { isFound: true }
  const asFound = (): unknown => found
  const explorer = new Explorer({
    moduleName: packageProperty,
    packageProp: packageProperty,
    searchPlaces: [first],
    loaders: {
      noExt: asFound,
      '.json': (file: string, text: string) => (/[\\/]package\.json$/.test(file) ? readPackage(text, found) : found),
      '.yaml': asFound,
      '.yml': asFound,
      '.ts': asFound,
      '.mts': asFound,
      '.js': asFound,
      '.mjs': asFound,
    },
    ignoreEmptySearchPlaces: false,
    cache: false,
    transform: (result: unknown) => result,
    searchStrategy: 'none',
    metaConfigFilePath: null,
    mergeImportArrays: false,
    mergeSearchPlaces: false,
  })
  return (await explorer.search(main))?.filepath
}

/** It is read as a whole by who searches: a link to a device would fill the memory. @throws FlightRulesError CONFIG_FAILED. */
async function requireReadable(file: string): Promise<void> {
  try {
    const stats = await stat(file)
    if (!stats.isFile()) throw new Error('it is no regular file')
    if (stats.size > largestSource) throw new Error(`it has ${stats.size} bytes; at most ${largestSource} are read`)
  } catch (error) {
    throw failedConfig(file, undefined, `it cannot be read: ${(error as Error).message}`)
  }
}

/** Its declarations leave the class out. */
interface ExplorerModule {
  readonly Explorer: new (options: Record<string, unknown>) => {
    search(from: string): Promise<{ readonly filepath: string } | null>
  }
}

function readPackage(text: string, found: unknown): Record<string, unknown> {
  try {
    return findPackageProperty(text) === undefined ? {} : { [packageProperty]: found }
  } catch {
    // It is what reading it will report, with the line.
    return { [packageProperty]: found }
  }
}
