import { expect, test } from 'vitest'
import { readImports, withoutComments } from '../../support/source-files.ts'

// The architecture tests stand on these two.

test('comments go, what looks like one in a string stays', () => {
  const text = `const a = 'http://x' // process.env\n/* console.log */ const b = \`//\`\nconst c = /\\/\\/'/ // rm(`
  expect(withoutComments(text)).toBe(`const a = 'http://x' \n const b = \`//\`\nconst c = /\\/\\/'/ `)
})

test('imports are told apart: value, type, dynamic, side effect, re-export', () => {
  const code = [
    `import { a, type B } from './a.ts'`,
    `import type { C } from '../c/c.ts'`,
    `import { type D, type E } from './d.ts'`,
    `import {\n  f,\n} from './f.ts'`,
    `import './g.ts'`,
    `export { h } from './h.ts'`,
    `const i = await import('./i.ts')`,
    `import * as z from 'zod/mini'`,
  ].join('\n')
  expect(readImports('src/x/x.ts', code).map(({ target, kind }) => `${kind} ${target}`)).toEqual([
    'value src/x/a.ts',
    'type src/c/c.ts',
    'type src/x/d.ts',
    'value src/x/f.ts',
    'value src/x/g.ts',
    'value src/x/h.ts',
    'value zod/mini',
    'dynamic src/x/i.ts',
  ])
})
