import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { configNames, largestSource, overrideNames } from './config-names.ts'
import { readRegularFile } from '../files/read-regular-file.ts'
import { findPackageProperty } from './package-property.ts'

/** The configuration files there are, by name. The first of each list is the one that counts. */
export interface PresentFiles {
  readonly configs: readonly string[]
  readonly overrides: readonly string[]
}

/** What is there, from one directory listing; package.json counts when it has the property. */
export async function listPresentFiles(main: string): Promise<PresentFiles> {
  const entries = await readdir(main, { withFileTypes: true })
  // Not a directory, and nothing that would block the reader, such as a named pipe.
  const names = new Set(entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name))
  if (names.has('package.json') && !(await hasPackageProperty(main))) names.delete('package.json')
  return {
    configs: configNames.filter((name) => names.has(name)),
    overrides: overrideNames.filter((name) => names.has(name)),
  }
}

async function hasPackageProperty(main: string): Promise<boolean> {
  const text = await readRegularFile(join(main, 'package.json'), largestSource).then(
    (bytes) => bytes.toString(),
    () => '',
  )
  try {
    return findPackageProperty(text) !== undefined
  } catch {
    return true
  }
}
