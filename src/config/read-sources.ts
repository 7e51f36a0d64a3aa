import { realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readRegularFile } from '../files/read-regular-file.ts'
import { largestSource } from './config-names.ts'
import { type HashedFile, digestOf, sha256 } from './digest.ts'
import { findLocalImports } from './local-imports.ts'
import { findPackageProperty } from './package-property.ts'

/** A file as it was read, once: what is hashed is what is used. */
export interface SourceFile extends HashedFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
  /** False for package.json as a config: only its property counts. */
  readonly whole: boolean
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

const mostFiles = 500

/** Reads the config, the overrides and everything local they import. @throws the file system's error. */
export async function readSources(main: string, configFile: string, overrideFile: string | null): Promise<ConfigSources> {
  const config = await readSource(main, configFile, configFile !== join(main, 'package.json'))
  const override = overrideFile === null ? null : await readSource(main, overrideFile, true)
  const files = override === null ? [config] : [config, override]
  const seen = new Set(files.map((source) => source.file))
  for (const source of files) {
    if (!/\.[cm]?[jt]sx?$/.test(source.file)) continue
    for (const imported of findLocalImports(await realpath(source.file), source.text)) {
      if (seen.has(imported)) continue
      seen.add(imported)
      if (seen.size > mostFiles) throw new Error(`it imports more than ${mostFiles} local files`)
      files.push(await readSource(main, imported, true))
    }
  }
  return { main, config, override, files, digest: digestOf(files) }
}

/** One file of a snapshot, read again; `config` is the path of the file that is the configuration. */
export function readRecorded(main: string, path: string, config: string): Promise<SourceFile> {
  return readSource(main, join(main, ...path.split('/')), path !== config || path !== 'package.json')
}

async function readSource(main: string, file: string, whole: boolean): Promise<SourceFile> {
  const bytes = await readRegularFile(file, largestSource)
  const path = relative(main, file).split(sep).join('/')
  if (whole) return { file, path, text: bytes.toString(), sha256: sha256(bytes), whole }
  const text = readProperty(bytes.toString())
  return { file, path, text, sha256: sha256(text), whole }
}

/** A file in the middle of a merge stands for itself: it is not what was approved, and loading it names the line. */
function readProperty(text: string): string {
  try {
    return findPackageProperty(text) ?? 'null'
  } catch {
    return text
  }
}
