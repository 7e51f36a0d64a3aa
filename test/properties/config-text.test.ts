import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codeText, dataText, type NewConfig } from '../../src/githooks/install/config-text.ts'

const line = fc.string({ unit: 'grapheme', minLength: 1 })
const script = fc
  .array(fc.oneof(line, fc.constantFrom("it's", '\\', '`${x}`', '\u2028', 'a\tb', '')), { minLength: 1 })
  .map((lines) => lines.join('\n'))

const newConfig = fc.record({
  extends: fc.constantFrom([], ['npm'] as const),
  envFiles: fc.array(line),
  dependencies: fc.array(line),
  ports: fc.dictionary(fc.stringMatching(/^[A-Z][A-Z_]{0,8}$/), fc.constantFrom(3000, { from: 1, to: 20, count: 10 })),
  aliases: fc.constantFrom([], ['cursor', 'codex'] as const),
  postCreateHook: fc.array(script),
  preRemoveHook: fc.array(script),
})

const first = (lines: readonly string[]): unknown => (lines.length === 1 ? lines[0] : lines)

function expected(config: NewConfig): unknown {
  const { postCreateHook, preRemoveHook, dependencies, ...rest } = config
  const all = {
    ...rest,
    dependencies: { paths: dependencies },
    postCreateHook: first(postCreateHook),
    preRemoveHook: first(preRemoveHook),
  }
  const isThere = ([, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== '[]' && JSON.stringify(value) !== '{}' && JSON.stringify(value) !== '{"paths":[]}'
  return Object.fromEntries(Object.entries(all).filter(isThere))
}

/** One command in a list of its own is the same as the command alone. */
function normal(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, key.endsWith('Hook') && Array.isArray(one) ? first(one as string[]) : one]),
  )
}

test('a config written as code or as data says what it was made of, whatever the commands hold', () => {
  fc.assert(
    fc.property(newConfig, (config) => {
      const code = codeText(config)
        .replace(/^import .*\n/, '')
        .replace('export default defineConfig(', 'return (')
      // eslint-disable-next-line no-new-func
      const evaluated = new Function(code)() as Record<string, unknown>
      expect(normal(evaluated)).toEqual(expected(config))
      expect(normal(JSON.parse(dataText(config, undefined)) as Record<string, unknown>)).toEqual(expected(config))
    }),
  )
})
