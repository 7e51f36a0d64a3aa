import { readFile, realpath } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { type HashedFile, digestOf, sha256 } from './digest.ts'
import { findLocalImports } from './local-imports.ts'
import { findPackageProperty } from './package-property.ts'

/** A file as it was read, once: what is hashed is what is used. */
export interface SourceFile extends HashedFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
}

/** The bytes a configuration is made of, not evaluated. */
export interface ConfigSources {
  readonly main: string
  /** The project's own file; where there is only a personal one, that. */
  readonly config: SourceFile
  readonly override: SourceFile | null
  /** Both, and the local files they import, in the order found. */
  readonly files: readonly SourceFile[]
  readonly digest: string
}

/** Reads the config, the overrides and everything local they import. @throws the file system's error. */
export async function readSources(main: string, configFile: string, overrideFile: string | null): Promise<ConfigSources> {
  const config = await readSource(main, configFile)
  const override = overrideFile === null ? null : await readSource(main, overrideFile)
  const files = override === null ? [config] : [config, override]
  const seen = new Set(files.map((source) => source.file))
  for (const source of files) {
    if (!/\.[cm]?[jt]sx?$/.test(source.file)) continue
    for (const imported of findLocalImports(await realpath(source.file), source.text)) {
      if (seen.has(imported)) continue
      seen.add(imported)
      files.push(await readSource(main, imported))
    }
  }
  return { main, config, override, files, digest: digestOf(files) }
}

/** Reads one file of the configuration; of package.json only its property. */
export async function readSource(main: string, file: string): Promise<SourceFile> {
  const bytes = await readFile(file)
  const path = relative(main, file).split(sep).join('/')
  if (basename(file) === 'package.json' && path === 'package.json') {
    const text = findPackageProperty(bytes.toString()) ?? 'null'
    return { file, path, text, sha256: sha256(text) }
  }
  return { file, path, text: bytes.toString(), sha256: sha256(bytes) }
}

/** The same file of a snapshot, read again. */
export function readRecorded(main: string, path: string): Promise<SourceFile> {
  return readSource(main, join(main, ...path.split('/')))
}
