import { isPlainObject, joinPath } from './plain-value.ts'
import type { LoadedConfig } from './types.ts'

/** One value of the configuration. */
export interface ConfigValue {
  /** Dotted path. */
  readonly path: string
  readonly value: unknown
  /** `default`, `preset:<name>`, or a file's name. */
  readonly origin: string
}

/** Every value with where it came from, in the order of the reference. A port's range and a hook are one value. */
export function flattenConfig({ config, origins }: Pick<LoadedConfig, 'config' | 'origins'>): ConfigValue[] {
  const walk = (value: unknown, path: string): ConfigValue[] => {
    const isOne = !isPlainObject(value) || path.startsWith('ports.') || path.endsWith('Hook') || Object.keys(value).length === 0
    if (isOne) return [{ path, value, origin: origins[path] ?? 'default' }]
    return Object.entries(value).flatMap(([key, entry]) => walk(entry, joinPath(path, key)))
  }
  return Object.entries(config).flatMap(([key, value]) => walk(value, key))
}
