import { configNames, packageProperty } from './config-names.ts'
import { findPackageProperty } from './package-property.ts'

/**
 * The project's config file, found by cosmiconfig and not evaluated; only the main worktree's root is looked at.
 *
 * Its `Explorer` is used and not its front door: that one first loads `.config/config.js` of the current directory
 * to configure itself, which is code nobody approved.
 */
export async function findConfigFile(main: string): Promise<string | undefined> {
  const { Explorer } = (await import('cosmiconfig/dist/Explorer.js')) as unknown as ExplorerModule
  const found = { isFound: true }
  const asFound = (): unknown => found
  const explorer = new Explorer({
    moduleName: packageProperty,
    packageProp: packageProperty,
    searchPlaces: [...configNames],
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
