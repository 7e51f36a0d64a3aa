import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { PresetName } from '../../config/types.ts'
import { type PackageJson, parsePackageJson } from './package-json.ts'
import { readText } from '../../files/read-text.ts'

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun'

/** What the files of a repository say about the project in it. */
export interface Project {
  /** The main worktree. */
  readonly root: string
  /** Names of the files and folders of the root. */
  readonly entries: ReadonlySet<string>
  /** Folder of the package `init` is for, relative to the root, with slashes; '' for the root itself. */
  readonly packageFolder: string
  /** undefined: no package.json, or one that cannot be read. */
  readonly package: PackageJson | undefined
  readonly packageManager: PackageManager | undefined
  readonly usesTypeScript: boolean
  /** Globs of the folders of a monorepo's packages, empty when it is none. */
  readonly workspaces: readonly string[]
}

const lockFiles: readonly (readonly [string, PackageManager])[] = [
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'yarn'],
  ['bun.lock', 'bun'],
  ['bun.lockb', 'bun'],
  ['package-lock.json', 'npm'],
  ['npm-shrinkwrap.json', 'npm'],
]

export const composeFiles = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const

/** Looks at the project; `cwd` is where the person stands in it. Reads files, runs nothing. */
export async function detectProject(root: string, cwd: string): Promise<Project> {
  const entries = new Set(await readdir(root))
  const packageFolder = entries.has('package.json') ? '' : await findPackageFolder(root, cwd)
  const folder = join(root, packageFolder)
  const text = await readText(join(folder, 'package.json'))
  const found = text === undefined ? undefined : parsePackageJson(text)
  const inFolder = packageFolder === '' ? entries : new Set(await readdir(folder))
  const workspaces = found === undefined || packageFolder !== '' ? [] : await readWorkspaces(root, entries, found)
  return {
    root,
    entries,
    packageFolder,
    package: found,
    packageManager: found === undefined ? undefined : detectPackageManager(inFolder, found),
    usesTypeScript: inFolder.has('tsconfig.json') || found?.dependencies.has('typescript') === true,
    workspaces,
  }
}

/** The presets that fit, the most particular last. */
export function choosePresets(project: Project): PresetName[] {
  const { entries, packageManager, packageFolder } = project
  const presets: PresetName[] = []
  if (entries.has('Cargo.toml')) presets.push('rust')
  if (entries.has('go.mod')) presets.push('go')
  if (entries.has('uv.lock')) presets.push('python-uv')
  else if (entries.has('requirements.txt')) presets.push('python-venv')
  // a preset installs in the worktree's root
  if (packageManager !== undefined && packageFolder === '') presets.push(packageManager)
  if (project.workspaces.length > 0) presets.push('monorepo')
  if (composeFiles.some((name) => entries.has(name))) presets.push('compose')
  return presets
}

async function findPackageFolder(root: string, cwd: string): Promise<string> {
  for (let path = relative(root, cwd); path !== '' && path !== '.' && !path.startsWith('..'); path = join(path, '..')) {
    if ((await readText(join(root, path, 'package.json'))) !== undefined) return path.split(sep).join('/')
  }
  return ''
}

function detectPackageManager(entries: ReadonlySet<string>, found: PackageJson): PackageManager {
  const named = /^(npm|pnpm|yarn|bun)@/.exec(found.packageManager ?? '')?.[1]
  if (named !== undefined) return named as PackageManager
  return lockFiles.find(([file]) => entries.has(file))?.[1] ?? (entries.has('pnpm-workspace.yaml') ? 'pnpm' : 'npm')
}

async function readWorkspaces(root: string, entries: ReadonlySet<string>, found: PackageJson): Promise<readonly string[]> {
  if (found.workspaces.length > 0) return found.workspaces
  if (!entries.has('pnpm-workspace.yaml')) return []
  const { parse } = await import('yaml')
  try {
    const value: unknown = parse((await readText(join(root, 'pnpm-workspace.yaml'))) ?? '')
    const packages: unknown = typeof value === 'object' && value !== null && 'packages' in value ? value.packages : []
    return Array.isArray(packages) ? packages.filter((glob) => typeof glob === 'string') : []
  } catch {
    return []
  }
}
