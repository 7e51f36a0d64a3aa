import { expect, test } from 'vitest'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { configJsonSchema } from '../../../src/config/schema.ts'

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
  readonly description?: string
  readonly title?: string
  readonly default?: unknown
  readonly additionalProperties?: unknown
  readonly required?: readonly string[]
}

const schema: Schema = configJsonSchema()

test('every key of the config is in it, nothing is required and nothing else allowed', () => {
  expect(Object.keys(schema.properties ?? {})).toEqual(['$schema', 'extends', ...Object.keys(defaultConfig)])
  expect(schema.required ?? []).toEqual([])
  expect(schema.additionalProperties).toBe(false)
})

test('every key has a description, to be shown by an editor', () => {
  const missing: string[] = []
  const walk = (part: Schema, path: string): void => {
    for (const [key, inner] of Object.entries(part.properties ?? {})) {
      if (inner.description === undefined) missing.push(`${path}${key}`)
      walk(inner, `${path}${key}.`)
    }
  }
  walk(schema, '')
  expect(missing).toEqual([])
})

test('the defaults are in it', () => {
  expect(schema.properties?.['sessionsDir']?.default).toBe(defaultConfig.sessionsDir)
  expect(schema.properties?.['trash']?.default).toEqual({ days: 14 })
})
