import { expect, test } from 'vitest'
import { presetNames, presetTable } from '../../../src/config/preset-table.ts'
import { toPlainValue } from '../../../src/config/plain-value.ts'
import { resolveConfig } from '../../../src/config/resolve.ts'
import { findDeclared, findTemplateProblems } from '../../../src/config/rules.ts'
import { validateConfig } from '../../../src/config/validate.ts'

test.each(presetNames)('the preset %s is a right config and knows its name', (name) => {
  const preset = presetTable[name]
  expect(preset.name).toBe(name)
  expect(validateConfig(toPlainValue({ extends: [preset] }))).toMatchObject({ ok: true })
  expect(findTemplateProblems(preset, findDeclared([preset]))).toEqual([])
})

test('a virtual environment is never copied: it holds absolute paths', () => {
  for (const name of ['python-uv', 'python-venv'] as const) expect(presetTable[name].dependencies).toBeUndefined()
})

test('a python preset beside npm takes nothing from npm', () => {
  const { config } = resolveConfig([{ file: 'x', values: { extends: ['npm', 'python-uv'] }, functions: [] }])
  expect(config.dependencies).toEqual({ paths: ['node_modules'], strategy: 'clone' })
  expect(config.postCreateHook).toEqual(['npm install --prefer-offline --no-audit --no-fund', 'uv sync'])
})
