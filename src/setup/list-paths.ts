import { readdir } from 'node:fs/promises'

/**
 * What the globs match below `root`, dot files and directories included, symlinks not followed; never in `.git`, never
 * below a node_modules, never in `sessions` (relative to `root`).
 */
export async function listPaths(root: string, globs: readonly string[], sessions?: string): Promise<string[]> {
  if (globs.length === 0) return []
  if (globs.every(isNamePattern)) return composed(await listNames(root, globs, sessions))
  const { default: fastGlob } = await import('fast-glob')
  const paths = await fastGlob([...globs], {
    cwd: root,
    dot: true,
    onlyFiles: false,
    followSymbolicLinks: false,
    suppressErrors: true,
    ignore: [
      '**/.git',
      '**/.git/**',
      '**/node_modules/*/**',
      ...(sessions === undefined ? [] : [fastGlob.escapePath(sessions), `${fastGlob.escapePath(sessions)}/**`]),
    ],
  })
  return composed(paths)
}

/** A pattern of names in one folder: no other folder, no other wildcard. The usual ones are, and need no library. */
function isNamePattern(glob: string): boolean {
  return /^[\w.-]*(?:\*[\w.-]+)*\*?$/.test(glob) && glob !== ''
}

async function listNames(root: string, globs: readonly string[], sessions: string | undefined): Promise<string[]> {
  const patterns = globs.map((glob) => new RegExp(`^${glob.replaceAll('.', '\\.').replaceAll('*', '.*')}$`, 's'))
  const names = await readdir(root).catch(() => [])
  return names.filter((name) => name !== '.git' && name !== sessions && patterns.some((pattern) => pattern.test(name)))
}

/** git names files in composed form on macOS, whatever the file system stores. */
function composed(paths: string[]): string[] {
  return process.platform === 'darwin' ? paths.map((path) => path.normalize()) : paths
}
