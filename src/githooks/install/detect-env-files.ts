import { posix } from 'node:path'
import type { Git } from '../../git/git.ts'

/**
 * Ignored env files that no glob of `covered` names, as globs for the config. Whole ignored folders are not looked into.
 */
export async function detectEnvFiles(git: Git, covered: readonly string[]): Promise<string[]> {
  const output = await git.read(['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'])
  const { default: fastGlob } = await import('fast-glob')
  const known = new Set(await fastGlob([...covered], { cwd: git.cwd, dot: true, followSymbolicLinks: false }))
  const globs = new Set<string>()
  for (const path of output.split('\0')) {
    const name = posix.basename(path)
    if (path.endsWith('/') || known.has(path)) continue
    if (name === '.env' || name === '.env.local' || /^\.env\..+\.local$/.test(name)) globs.add(escapeGlob(path))
  }
  return [...globs].sort().slice(0, 20)
}

function escapeGlob(path: string): string {
  return path.replace(/[*?[\](){}!+@]/g, '\\$&')
}
