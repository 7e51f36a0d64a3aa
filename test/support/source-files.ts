import { readFile, readdir } from 'node:fs/promises'
import { dirname, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

export interface SourceFile {
  /** Relative to the package, with slashes: `src/git/git.ts`. */
  readonly path: string
  readonly text: string
  /** The text without comments: what rules about code look at. */
  readonly code: string
  readonly imports: readonly Import[]
}

export interface Import {
  /** Of our own files, relative to the package; of others as written (`node:fs`, `zod/mini`). */
  readonly target: string
  readonly kind: 'value' | 'type' | 'dynamic'
}

/** Every TypeScript file below the folders, with what it imports. */
export async function readSourceFiles(...folders: string[]): Promise<SourceFile[]> {
  const files = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(packageRoot, folder), { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
        .map((entry) => relative(packageRoot, join(entry.parentPath, entry.name)).split(sep).join('/'))
    }),
  )
  return Promise.all(
    files
      .flat()
      .toSorted()
      .map(async (path) => {
        const text = await readFile(join(packageRoot, path), 'utf8')
        const code = withoutComments(text)
        return { path, text, code, imports: readImports(path, code) }
      }),
  )
}

/** Takes comments out, leaving strings, template texts and regular expressions as they are, and every line where it was. */
export function withoutComments(text: string): string {
  const part =
    /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\//g
  return text.replace(part, (found) => (/^\/[/*]/.test(found) ? found.replace(/[^\n]/g, '') : found))
}

export function readImports(path: string, code: string): Import[] {
  const found: Import[] = []
  const resolve = (specifier: string): string =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : specifier
  const statement = /^(?:import|export)\s+(type\s+)?(?:([^'"`;]*?)\s+from\s+)?['"]([^'"\n]+)['"]/gm
  for (const [, typeOnly, names = '', specifier = ''] of code.matchAll(statement)) {
    const inner = /^\{([^]*)\}$/.exec(names.trim())?.[1]
    const onlyTypes =
      inner !== undefined && inner.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '))
    found.push({ target: resolve(specifier), kind: typeOnly !== undefined || onlyTypes ? 'type' : 'value' })
  }
  for (const [, specifier = ''] of code.matchAll(/\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g)) {
    found.push({ target: resolve(specifier), kind: 'dynamic' })
  }
  return found
}

/** `src/git/git.ts` is in `git`, `src/errors.ts` in `errors`, `presets/npm.ts` in `presets`. */
export function folderOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}
