import { statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'

/** The order in which the loader tries endings a specifier leaves out. */
const extensions = ['.js', '.mjs', '.cjs', '.ts', '.tsx', '.mts', '.cts', '.json'] as const

const specifier =
  /(?:\bfrom|\bimport|\brequire)\s*(?:\/\*[^*]*\*\/\s*)?\(?\s*(?:\/\*[^*]*\*\/\s*)?(["'`])((?:\.{1,2}(?:\/|(?=\1))|\/|file:)[^"'`\n]*?)\1/g

/**
 * The local files a source text names in import and require, found by reading and not by running. It may find too many
 * (in a comment); one too few is refused by the loader, which evaluates only what was found here.
 */
export function findLocalImports(file: string, source: string): string[] {
  const found = new Set<string>()
  for (const match of source.matchAll(specifier)) {
    const name = match[2]
    if (name === undefined || name.startsWith('file:')) continue
    const target = resolveLocal(isAbsolute(name) ? name : resolve(dirname(file), name))
    if (target !== undefined && !target.split(/[\\/]/).includes('node_modules')) found.add(target)
  }
  return [...found]
}

function resolveLocal(path: string): string | undefined {
  const written = [path, ...extensions.map((extension) => path + extension)]
  const typescript = path.replace(/\.([cm]?)js$/, '.$1ts')
  const candidates = [...written, typescript, ...extensions.map((extension) => join(path, `index${extension}`))]
  return candidates.find(isFile)
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return false
  }
}
