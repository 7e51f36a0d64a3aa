import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A script of our own that runs outside the process, and what goes before its arguments. */
export interface EntryPoint {
  readonly file: string
  readonly args: readonly string[]
}

const here = dirname(fileURLToPath(import.meta.url))

/**
 * Where a script of ours is: beside the bundled chunk this code ended up in or one folder above it. From source it is
 * run through jiti, as node cannot run TypeScript on every version we support.
 */
export function findEntryPoint(name: 'evaluate-worker' | 'hook-function-child' | 'cli'): EntryPoint {
  if (isSource()) {
    const jiti = dirname(createRequire(import.meta.url).resolve('jiti/package.json'))
    return { file: join(jiti, 'lib', 'jiti-cli.mjs'), args: [join(here, name === 'cli' ? '..' : '', `${name}.ts`)] }
  }
  return { file: findBuilt(`${name}.cjs`), args: [] }
}

/** The file that `flightrules` stands for in a config. */
export function findOwnIndex(): string {
  return isSource() ? join(here, '..', 'index.ts') : findBuilt('index.js')
}

function isSource(): boolean {
  return import.meta.url.endsWith('.ts')
}

function findBuilt(name: string): string {
  const beside = join(here, name)
  return existsSync(beside) ? beside : join(here, '..', name)
}
