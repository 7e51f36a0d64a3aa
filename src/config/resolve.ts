import { defaultConfig } from './defaults.ts'
import { isPlainObject, joinPath } from './plain-value.ts'
import { findPreset } from './preset-table.ts'
import type { ConfigOrigins, Preset, ResolvedConfig } from './types.ts'

export interface Resolution {
  readonly config: ResolvedConfig
  readonly origins: ConfigOrigins
}

/** A config file that passed validation. */
export interface WrittenLayer {
  readonly file: string
  readonly values: Readonly<Record<string, unknown>>
  /** Hooks that are functions in it. */
  readonly functions: readonly string[]
}

/**
 * default < presets < files. Among presets lists are joined without repeating anything; a file's list replaces.
 * Objects merge key by key everywhere; a port's range is one value.
 */
export function resolveConfig(files: readonly WrittenLayer[]): Resolution {
  const presets = files.flatMap(({ values }) => readPresets(values['extends']))
  const joined = presets.reduce<State>((sum, { origin, values }) => mergeLayer(sum, values, () => origin, 'join'), {
    values: {},
    origins: {},
  })
  const defaults: State = { values: { ...defaultConfig }, origins: listOrigins({ ...defaultConfig }, 'default') }
  const under = mergeLayer(defaults, joined.values, (path) => joined.origins[path] ?? 'default', 'replace')
  const result = files.reduce<State>((sum, file) => mergeLayer(sum, readLayer(file), () => file.file, 'replace'), under)
  return { config: complete(result.values), origins: result.origins }
}

interface State {
  readonly values: Record<string, unknown>
  readonly origins: Record<string, string>
}

const notSettings: readonly string[] = ['$schema', 'extends', 'name']
const functionMarker = { function: true } as const

function readPresets(list: unknown): { origin: string; values: Record<string, unknown> }[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((entry: string | Preset) => {
    const preset = typeof entry === 'string' ? findPreset(entry) : entry
    return preset === undefined ? [] : [{ origin: `preset:${preset.name}`, values: readSettings({ ...preset }) }]
  })
}

function readLayer({ values, functions }: WrittenLayer): Record<string, unknown> {
  return { ...readSettings(values), ...Object.fromEntries(functions.map((key) => [key, functionMarker])) }
}

/** A layer's own values; a hook of one line is a list of one. */
function readSettings(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const settings = Object.entries(values).filter(
    ([key, value]) => !notSettings.includes(key) && value !== undefined && value !== null,
  )
  return Object.fromEntries(settings.map(([key, value]) => [key, isHook(key) && typeof value === 'string' ? [value] : value]))
}

function mergeLayer(
  state: State,
  layer: Record<string, unknown>,
  originOf: (path: string) => string,
  lists: 'join' | 'replace',
): State {
  const origins = { ...state.origins }
  const merge = (under: unknown, over: unknown, path: string): unknown => {
    if (isMergeable(over, path)) {
      const base = isMergeable(under, path) ? under : {}
      if (base !== under) forget(origins, path)
      const merged = Object.entries(over).map(([key, value]) => [
        key,
        value === undefined ? base[key] : merge(base[key], value, joinPath(path, key)),
      ])
      return { ...base, ...Object.fromEntries(merged) }
    }
    const before = origins[path]
    const origin = originOf(path)
    forget(origins, path)
    if (lists === 'join' && Array.isArray(over)) {
      const joined: readonly unknown[] = Array.isArray(under) ? under : []
      const known = before === undefined ? [] : before.split(', ')
      origins[path] = [...new Set([...known, origin])].join(', ')
      return [...new Set<unknown>([...joined, ...over])]
    }
    origins[path] = origin
    return over
  }
  return { values: merge(state.values, layer, '') as Record<string, unknown>, origins }
}

/** A log switched off below and on again by an object without a folder has the usual folder. */
function complete(values: Record<string, unknown>): ResolvedConfig {
  const { sessionLog } = values
  const log = isPlainObject(sessionLog) ? { ...defaultConfig.sessionLog, ...sessionLog } : sessionLog
  return { ...values, sessionLog: log } as unknown as ResolvedConfig
}

/** Objects with keys of their own. A port's range and the mark of a function are single values. */
function isMergeable(value: unknown, path: string): value is Record<string, unknown> {
  return isPlainObject(value) && !path.startsWith('ports.') && !isHook(path)
}

function isHook(path: string): boolean {
  return path === 'postCreateHook' || path === 'preRemoveHook'
}

function forget(origins: Record<string, string>, path: string): void {
  for (const known of Object.keys(origins)) if (known === path || known.startsWith(`${path}.`)) delete origins[known]
}

function listOrigins(values: Record<string, unknown>, origin: string, parent = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, string][] => {
      const path = joinPath(parent, key)
      const hasParts = isMergeable(value, path) && Object.keys(value).length > 0
      return hasParts ? Object.entries(listOrigins(value, origin, path)) : [[path, origin]]
    }),
  )
}
