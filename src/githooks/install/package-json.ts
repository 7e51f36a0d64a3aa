/** The parts of a package.json that tell `init` something. Whatever has another type is left out. */
export interface PackageJson {
  readonly text: string
  readonly packageManager: string | undefined
  readonly scripts: Readonly<Record<string, string>>
  /** Names of all kinds of dependencies. */
  readonly dependencies: ReadonlySet<string>
  readonly workspaces: readonly string[]
  /** Hooks of husky 4, which are written into the package.json. */
  readonly hasOldHuskyHooks: boolean
}

/** undefined when the text is no JSON object. */
export function parsePackageJson(text: string): PackageJson | undefined {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return undefined
  }
  if (!isObject(value)) return undefined
  const { packageManager, scripts, workspaces, husky } = value
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  const globs = Array.isArray(workspaces) ? workspaces : isObject(workspaces) ? workspaces['packages'] : []
  return {
    text,
    packageManager: typeof packageManager === 'string' ? packageManager : undefined,
    scripts: Object.fromEntries(Object.entries(isObject(scripts) ? scripts : {}).filter(isStringEntry)),
    dependencies: new Set(kinds.flatMap((kind) => Object.keys(isObject(value[kind]) ? value[kind] : {}))),
    workspaces: Array.isArray(globs) ? globs.filter((glob) => typeof glob === 'string') : [],
    hasOldHuskyHooks: isObject(husky) && isObject(husky['hooks']),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isStringEntry(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string'
}
