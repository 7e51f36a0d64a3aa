import * as z from 'zod'
import { configSchema } from './schema.ts'

/** The keys allowed at a place in the config, empty where any name is. */
export function findKeys(path: readonly PropertyKey[]): string[] {
  let current: z.core.$ZodType | undefined = configSchema
  for (const key of path) current = current === undefined ? undefined : step(current, key)
  return current === undefined ? [] : Object.keys(findObject(current)?.shape ?? {})
}

/** Every dotted path the config has a key for. */
export function findAllPaths(): string[] {
  const paths: string[] = []
  const walk = (schema: z.core.$ZodType, path: string): void => {
    for (const [key, inner] of Object.entries(findObject(schema)?.shape ?? {})) {
      const at = path === '' ? key : `${path}.${key}`
      paths.push(at)
      walk(inner, at)
    }
  }
  walk(configSchema, '')
  return paths
}

function step(schema: z.core.$ZodType, key: PropertyKey): z.core.$ZodType | undefined {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodArray) return inner.element
  if (inner instanceof z.ZodRecord) return inner.valueType
  if (inner instanceof z.ZodUnion && typeof key === 'number') {
    return inner.options.map((option: z.core.$ZodType) => step(option, key)).find((found: unknown) => found !== undefined)
  }
  return findObject(inner)?.shape[String(key)]
}

/** The object schema a value has here, also as one way among others. */
function findObject(schema: z.core.$ZodType): z.ZodObject | undefined {
  const inner = unwrap(schema)
  if (inner instanceof z.ZodObject) return inner
  if (!(inner instanceof z.ZodUnion)) return undefined
  return inner.options
    .map((option: z.core.$ZodType) => findObject(option))
    .find((found: z.ZodObject | undefined) => found !== undefined)
}

function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap()) : schema
}
