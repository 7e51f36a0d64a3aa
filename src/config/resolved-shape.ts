import { defaultConfig } from './defaults.ts'
import type { ResolvedConfig } from './types.ts'

/** Whether a value has every key of a resolved config, each of the kind its default has: enough for a file that only we write. */
export function isResolvedConfig(value: unknown): value is ResolvedConfig {
  return isObject(value) && Object.entries(defaultConfig).every(([key, byDefault]) => hasShape(value[key], byDefault, key))
}

function hasShape(value: unknown, byDefault: unknown, key: string): boolean {
  if (key === 'base') return value === null || typeof value === 'string'
  if (key === 'sessionLog' && value === false) return true
  if (key === 'postCreateHook' || key === 'preRemoveHook') return isHook(value)
  if (Array.isArray(byDefault)) return Array.isArray(value)
  if (!isObject(byDefault)) return typeof value === typeof byDefault
  return isObject(value) && Object.keys(byDefault).every((name) => Object.hasOwn(value, name))
}

function isHook(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((line) => typeof line === 'string')
  return isObject(value) && value['function'] === true
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
