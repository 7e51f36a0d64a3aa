import { lstat, readdir } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Git } from '../../git/git.ts'
import type { Project } from './detect-project.ts'
import type { HookManager } from './init-plan.ts'
import { readText } from '../../files/read-text.ts'

/** How git finds hooks in a repository today. */
export interface HookFacts {
  /** Where git looks for hooks, absolute. */
  readonly directory: string
  /** `core.hooksPath` as configured, and where; null when it is not. */
  readonly hooksPath: { readonly value: string; readonly scope: string } | null
  /** Names of hooks other than samples in that directory. */
  readonly present: readonly string[]
  /** husky's folder relative to the root, with slashes, where there is one or one is configured. */
  readonly husky: string | null
  /** git runs husky's own scripts now. */
  readonly huskyRuns: boolean
  /** Relative to the root. */
  readonly lefthookFile: string | null
  readonly hasPreCommitConfig: boolean
}

export const lefthookFiles = ['lefthook', '.lefthook'].flatMap((stem) =>
  ['yml', 'yaml', 'toml', 'json', 'jsonc'].map((end) => `${stem}.${end}`),
)

/** Reads the hooks of a repository; `project` is null in a bare one. */
export async function detectHooks(git: Git, project: Project | null): Promise<HookFacts> {
  const directory = await git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'hooks'])
  const hooksPath = await readHooksPath(git)
  const names = await readdir(directory).catch(() => [])
  const present = names.filter((name) => /^[a-z][a-z0-9-]*$/.test(name))
  const root = project?.root ?? git.cwd
  const configured = hooksPath === null ? null : huskyFolderOf(root, resolve(root, hooksPath.value))
  const husky = project === null ? null : (configured ?? (await findHuskyFolder(project)))
  return {
    directory,
    hooksPath,
    present,
    husky,
    huskyRuns: configured !== null && (await isFile(join(root, configured, '_', 'h'))),
    lefthookFile: project === null ? null : (lefthookFiles.find((name) => project.entries.has(name)) ?? null),
    hasPreCommitConfig:
      project?.entries.has('.pre-commit-config.yaml') === true || project?.entries.has('.pre-commit-config.yml') === true,
  }
}

/** Who should run the hooks. Somebody else's manager goes before a new one. */
export function chooseHookManager(project: Project, facts: HookFacts): HookManager {
  if (facts.huskyRuns) return 'husky'
  const scope = facts.hooksPath?.scope
  // lefthook and pre-commit both refuse to work where core.hooksPath is set
  if (facts.hooksPath === null) {
    if (facts.lefthookFile !== null) return 'lefthook'
    if (facts.hasPreCommitConfig) return 'pre-commit'
  }
  const isLocal = scope === 'local' || scope === 'worktree'
  if (facts.husky !== null && (facts.hooksPath === null || !isLocal || isHuskyPath(facts.hooksPath.value))) return 'husky'
  // hooks that hold for all repositories of a person are not ours to edit, nor to switch off
  if (facts.hooksPath !== null) return isLocal ? 'native' : 'none'
  if (facts.present.length > 0) return 'native'
  return project.package !== undefined && project.packageFolder === '' ? 'husky' : 'native'
}

/** husky 8 pointed git at its folder itself, husky 9 at `_` in it. */
export function isHuskyPath(value: string): boolean {
  return /(?:^|[\\/])_[\\/]?$/.test(value)
}

async function readHooksPath(git: Git): Promise<HookFacts['hooksPath']> {
  const { stdout } = await git.run(['config', '-z', '--show-scope', '--get', 'core.hooksPath'], { accept: [0, 1] })
  const [scope, value] = stdout.split('\0')
  return scope === undefined || value === undefined || value === '' ? null : { scope, value }
}

function huskyFolderOf(root: string, hooksDirectory: string): string | null {
  if (!isHuskyPath(hooksDirectory)) return null
  const folder = relative(root, join(hooksDirectory, '..'))
  return folder === '' || folder.startsWith('..') || isAbsolute(folder) ? null : folder.split(sep).join('/')
}

async function findHuskyFolder(project: Project): Promise<string | null> {
  const folders = project.packageFolder === '' ? ['.husky'] : ['.husky', `${project.packageFolder}/.husky`]
  for (const folder of folders) {
    const stats = await lstat(join(project.root, folder)).catch(() => undefined)
    if (stats?.isDirectory() === true) return folder
  }
  const isNamed = project.package?.dependencies.has('husky') === true && !project.package.hasOldHuskyHooks
  return isNamed ? (folders.at(-1) ?? null) : null
}

async function isFile(file: string): Promise<boolean> {
  return (await readText(file)) !== undefined
}
