import { isAbsolute, join, resolve } from 'node:path'
import type { Git } from './git.ts'

/** What the configuration says about a worktree that is to be made. */
export interface WorktreeSettings {
  /** `aside`: its administrative files are laid out as we know them. `git`: something here is beyond what we know. */
  readonly layout: 'aside' | 'git'
  readonly bare: boolean
  readonly sparse: boolean
  /** Each worktree has a configuration of its own. */
  readonly ownConfig: boolean
  /** The object name that means none, as long as this repository's are. */
  readonly nothing: string
  /** Absolute path of the folder git takes hooks from when it is called where `git` runs. */
  readonly hooks: string
}

/** What these extensions change is not in a worktree's administrative files, or is laid out below as git does it. */
const knownExtensions = new Set(['objectformat', 'worktreeconfig', 'partialclone', 'preciousobjects', 'noop', 'noop-v1'])

const wanted = String.raw`^(core\.(bare|sparsecheckout|hookspath|repositoryformatversion)|extensions\..*|worktree\.userelativepaths|hook\..*)$`

/** Asks git once. The hooks are those of the worktree `git` runs in, as with `git worktree add`. */
export async function readWorktreeSettings(git: Git, commonDir: string): Promise<WorktreeSettings> {
  const { stdout } = await git.run(['config', '-z', '--get-regexp', wanted], { accept: [0, 1] })
  const settings = parseConfig(stdout)
  const isOn = (name: string): boolean => isTrue(settings.get(name))
  return {
    layout: isKnownLayout(settings) ? 'aside' : 'git',
    bare: isOn('core.bare'),
    sparse: isOn('core.sparsecheckout'),
    ownConfig: isOn('extensions.worktreeconfig'),
    nothing: '0'.repeat(settings.get('extensions.objectformat') === 'sha256' ? 64 : 40),
    hooks: await locateHooks(git, commonDir, settings.get('core.hookspath')),
  }
}

/** Reads the output of `git config -z --get-regexp`; the last value of a name counts, one without a value is null. */
export function parseConfig(output: string): Map<string, string | null> {
  const settings = new Map<string, string | null>()
  for (const entry of output.split('\0')) {
    if (entry === '') continue
    const end = entry.indexOf('\n')
    if (end === -1) settings.set(entry, null)
    else settings.set(entry.slice(0, end), entry.slice(end + 1))
  }
  return settings
}

/** Other ref storages, paths relative to each other and hooks that are no files are made by git alone. */
export function isKnownLayout(settings: ReadonlyMap<string, string | null>): boolean {
  for (const [name, value] of settings) {
    if (name.startsWith('hook.')) return false
    if (name === 'worktree.userelativepaths' && isTrue(value)) return false
    if (name === 'core.repositoryformatversion' && value !== '0' && value !== '1') return false
    if (!name.startsWith('extensions.')) continue
    const extension = name.slice('extensions.'.length)
    if (extension === 'refstorage' ? value !== 'files' : !knownExtensions.has(extension)) return false
  }
  return true
}

/** git's own reading; what it would refuse, it has refused before it came here. */
function isTrue(value: string | null | undefined): boolean {
  if (value === undefined) return false
  return value === null || /^(?:true|yes|on|[1-9]\d*)$/i.test(value)
}

async function locateHooks(git: Git, commonDir: string, configured: string | null | undefined): Promise<string> {
  if (configured === undefined || configured === null || configured === '') return join(commonDir, 'hooks')
  if (isAbsolute(configured)) return configured
  // `~` and `%(prefix)` are git's to expand
  if (!/^[~%]/.test(configured)) return resolve(git.cwd, configured)
  return git.readLine(['rev-parse', '--path-format=absolute', '--git-path', 'hooks'])
}
