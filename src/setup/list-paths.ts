/**
 * What the globs match below `root`, dot files and directories included, symlinks not followed; never in `.git`, never
 * below a node_modules, never in `sessions` (relative to `root`).
 */
export async function listPaths(root: string, globs: readonly string[], sessions?: string): Promise<string[]> {
  if (globs.length === 0) return []
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
  // git names files in composed form there, whatever the file system stores
  return process.platform === 'darwin' ? paths.map((path) => path.normalize()) : paths
}
