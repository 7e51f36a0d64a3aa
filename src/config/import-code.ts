import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { extname } from 'node:path'
import type { createJiti as CreateJiti, ModuleCache } from 'jiti'
import { sha256 } from './digest.ts'

const require = createRequire(import.meta.url)
// Imported as an ES module it takes twice as long: node first reads all of it for the names it exports.
const { createJiti } = require('jiti') as { readonly createJiti: typeof CreateJiti }

/** A file that may be evaluated: exactly these bytes. */
export interface AllowedFile {
  /** Absolute. */
  readonly file: string
  /** As shown to people. */
  readonly path: string
  readonly sha256: string
}

export interface ImportRequest {
  /** The file to evaluate, one of `files`. */
  readonly file: string
  readonly files: readonly AllowedFile[]
  /** The file `flightrules` stands for in a config: it resolves without node_modules too. */
  readonly self: string
}

/** What a file exported: its default, or the names of what it has instead. */
export type Exported =
  | { readonly kind: 'default'; readonly value: unknown }
  | { readonly kind: 'none'; readonly names: readonly string[] }

/** A local module nobody saw when the config was approved, or other bytes than those that were approved. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
}

/**
 * Evaluates a config file, TypeScript or JavaScript, in this very process: called in a worker thread or a child
 * process only. Its bytes and those of every local module it loads must be the approved ones.
 * @throws NotAllowed, or whatever the file throws.
 */
export async function importCode(request: ImportRequest): Promise<Exported> {
  const allowed = new Map(request.files.map((one) => [realpathSync(one.file), one]))
  const texts = new Map([...allowed].map(([file, one]) => [file, readAllowed(file, one)]))
  const file = realpathSync(request.file)
  // no cache on disk: what is there could be anybody's
  const common = { tryNative: false, tsconfigPaths: false, interopDefault: true, fsCache: false } as const
  const compiler = createJiti(file, common)
  const loader = createJiti(file, {
    ...common,
    alias: { flightrules: request.self },
    transform: (options) => {
      const { filename } = options
      if (filename !== undefined && filename !== request.self && !isPackageFile(filename)) {
        if (texts.get(filename) !== options.source) throw refusal(filename, allowed)
      }
      return { code: compiler.transform(options) }
    },
  })
  const required = require.cache
  const before = new Set(Object.keys(required))
  // A module cache of its own: what jiti returns is a proxy that no longer tells a default export from a named one.
  const modules: ModuleCache = {}
  try {
    await loader.evalModule(texts.get(file) ?? '', {
      filename: file,
      ext: extname(file),
      async: true,
      forceTranspile: true,
      cache: modules,
    })
  } catch (error) {
    // That proxy breaks on a default export of null, after the file was evaluated well.
    if (modules[file]?.loaded !== true) throw error
  }
  // Plain CommonJS files are loaded by node itself, not through the compiler.
  for (const loaded of Object.keys(required)) {
    if (!before.has(loaded) && !allowed.has(loaded) && loaded !== request.self && !isPackageFile(loaded))
      throw refusal(loaded, allowed)
  }
  return describeExports(modules[file]?.exports)
}

function readAllowed(file: string, { path, sha256: approved }: AllowedFile): string {
  const bytes = readFileSync(file)
  if (sha256(bytes) !== approved) throw new NotAllowed(`${path} changed while it was being loaded`)
  return bytes.toString()
}

function refusal(file: string, allowed: ReadonlyMap<string, AllowedFile>): NotAllowed {
  const known = allowed.get(file)
  if (known !== undefined) return new NotAllowed(`${known.path} changed while it was being loaded`)
  return new NotAllowed(
    `it imports ${file} in a way an approval cannot cover; import local files by a relative path, written out`,
  )
}

function isPackageFile(file: string): boolean {
  return file.split(/[\\/]/).includes('node_modules')
}

function describeExports(exports: unknown): Exported {
  if (typeof exports !== 'object' || exports === null || !('__esModule' in exports)) {
    const isEmpty = typeof exports === 'object' && exports !== null && Object.keys(exports).length === 0
    return isEmpty ? { kind: 'none', names: [] } : { kind: 'default', value: exports }
  }
  if ('default' in exports) return { kind: 'default', value: exports.default }
  return { kind: 'none', names: Object.keys(exports).sort() }
}
