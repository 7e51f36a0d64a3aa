import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { toPlainValue } from '../../src/config/plain-value.ts'
import { presetNames } from '../../src/config/preset-table.ts'
import { resolveConfig } from '../../src/config/resolve.ts'
import { validateConfig } from '../../src/config/validate.ts'

type Written = Readonly<Record<string, unknown>>

const texts = fc.array(fc.constantFrom('.env', '.env.local', 'a/.env', 'b'), { maxLength: 3 })
const names = fc.constantFrom('PORT', 'API', 'WEB')
const port = fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constant({ from: 4000, to: 4099 }))

const settings = {
  branchPrefix: fc.constantFrom('', 'a/', 'b-'),
  mode: fc.constantFrom('ask', 'parallel', 'standard'),
  envFiles: texts,
  dependencies: fc.record({ paths: texts, strategy: fc.constantFrom('clone', 'symlink', 'none') }, { requiredKeys: [] }),
  ports: fc.dictionary(names, port),
  postCreateHook: fc.oneof(fc.constantFrom('make', 'make test'), texts),
  sessionLog: fc.oneof(fc.constant(false), fc.record({ dir: fc.constantFrom('logs', 'docs') }, { requiredKeys: [] })),
  end: fc.record(
    {
      strategy: fc.constantFrom('pr', 'merge'),
      sync: fc.constantFrom(false, 'rebase'),
      pr: fc.record({ draft: fc.boolean(), labels: texts }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  ),
  trash: fc.record({ days: fc.nat(100) }, { requiredKeys: [] }),
  appendOnly: fc.array(fc.constantFrom('docs/progress.md', 'NOTES.md'), { maxLength: 2 }),
  forges: fc.dictionary(fc.constantFrom('git.example.com', 'code.example.org'), fc.constantFrom('github', 'gitlab')),
}

const preset = fc.record({ name: fc.constantFrom('ours', 'theirs'), ...settings }, { requiredKeys: ['name'] })
const config: fc.Arbitrary<Written> = fc.record(
  { extends: fc.array(fc.oneof(fc.constantFrom(...presetNames), preset), { maxLength: 3 }), ...settings },
  { requiredKeys: [] },
)

const resolve = (...files: readonly Written[]): ReturnType<typeof resolveConfig> =>
  resolveConfig(files.map((values, index) => ({ file: `file${index}`, values, functions: [] })))

test('saying everything twice changes nothing', () => {
  fc.assert(
    fc.property(config, (written) => {
      expect(resolve(written, written).config).toEqual(resolve(written).config)
    }),
  )
})

test('a resolved config resolves to itself', () => {
  fc.assert(
    fc.property(config, (written) => {
      const once = resolve(written).config
      expect(resolve({ ...once }).config).toEqual(once)
    }),
  )
})

test('what the overrides name, they decide; what they do not name stays', () => {
  const overrides = config.map(({ extends: _presets, ...rest }) => rest)
  fc.assert(
    fc.property(config, overrides, (written, own) => {
      const { config: result, origins } = resolve(written, own)
      for (const key of ['branchPrefix', 'mode', 'envFiles'] as const) {
        expect(result[key]).toEqual(key in own ? own[key] : resolve(written).config[key])
        if (key in own) expect(origins[key]).toBe('file1')
      }
      expect(result.ports).toEqual({ ...resolve(written).config.ports, ...(own['ports'] as object | undefined) })
    }),
  )
})

test('resolving changes none of its arguments', () => {
  fc.assert(
    fc.property(config, config, (written, own) => {
      const before = JSON.stringify([written, own])
      resolve(written, own)
      expect(JSON.stringify([written, own])).toBe(before)
    }),
  )
})

test('whatever is written, checking it ends and names every problem by path', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('ports', 'env', 'end', 'extends', 'hooks'), fc.anything())),
      (anything) => {
        const validation = validateConfig(toPlainValue(anything))
        if (!validation.ok) for (const problem of validation.problems) expect(problem.message).toMatch(/\S/)
      },
    ),
  )
})
