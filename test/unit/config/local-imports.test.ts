import { mkdir, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { findLocalImports } from '../../../src/config/local-imports.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

let directory: string

beforeAll(async () => {
  directory = await makeTemporaryDirectory('imports')
  await mkdir(join(directory, 'folder'))
  await mkdir(join(directory, 'node_modules'))
  for (const name of ['a.ts', 'b.mjs', 'c.json', 'folder/index.ts', 'node_modules/d.js'])
    await writeFile(join(directory, name), '')
})

test.each([
  [`import { a } from './a.ts'`, 'a.ts'],
  [`import './a'`, 'a.ts'],
  [`import a from "./a.js"`, 'a.ts'],
  [`export * from './b.mjs'`, 'b.mjs'],
  [`const b = await import('./b.mjs')`, 'b.mjs'],
  ['const b = await import(`./b.mjs`)', 'b.mjs'],
  [`const c = require("./c")`, 'c.json'],
  [`import {\n  x,\n} from './folder'`, 'index.ts'],
  [`import/* why */('./a.ts')`, 'a.ts'],
  [`import x from '.././${'{here}'}/a.ts'`, 'a.ts'],
])('%j is found', (source, name) => {
  const found = findLocalImports(join(directory, 'config.ts'), source.replace('{here}', basename(directory)))
  expect(found.map((file) => basename(file))).toEqual([name])
})

test.each([`import x from 'flightrules'`, `import './nowhere.ts'`, `import './node_modules/d.js'`, `import fs from 'node:fs'`])(
  '%j is no local file',
  (source) => {
    expect(findLocalImports(join(directory, 'config.ts'), source)).toEqual([])
  },
)
