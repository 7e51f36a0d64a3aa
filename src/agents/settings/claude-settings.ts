import { isDeepStrictEqual } from 'node:util'
import { FlightRulesError } from '../../errors.ts'
import { findMember, findSpans, type JsonSpan } from './json-spans.ts'
import { type HookGroup, isOwnHook, listHookGroups } from './hook-entries.ts'

/** Where the agent reads the settings of a project from, relative to its root. */
export const claudeSettingsFile = '.claude/settings.json'

/**
 * The agent's settings with our hooks in them. Every other byte stays; where ours are there already, the text is the same.
 * @param text undefined where there is no file.
 * @param packageFolder see `listHookGroups`.
 * @throws FlightRulesError AGENT_SETTINGS_INVALID.
 */
export function planClaudeSettings(text: string | undefined, packageFolder = ''): string {
  let result = text === undefined || text.trim() === '' ? '{}\n' : text
  for (const [event, group] of listHookGroups(packageFolder)) {
    const present = readGroups(result, event)
    const own = present.filter((one) => listHooks(one).some(isOwnHook))
    if (own.length === 1 && isDeepStrictEqual(own[0], group)) continue
    result = addGroup(removeOwn(result, event), event, group)
  }
  return result
}

/** The settings without our hooks, and without what held nothing but them. @throws FlightRulesError AGENT_SETTINGS_INVALID. */
export function removeClaudeSettings(text: string): string {
  const { hooks } = readSettings(text)
  let result = text
  for (const event of Object.keys(hooks ?? {})) result = removeOwn(result, event)
  return result
}

function readSettings(text: string): { readonly hooks?: Readonly<Record<string, unknown>> } {
  let settings: unknown
  try {
    settings = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw invalid(`it is no JSON: ${(error as Error).message}`)
  }
  if (!isObject(settings)) throw invalid('it is no object')
  if (settings['hooks'] !== undefined && !isObject(settings['hooks'])) throw invalid('its "hooks" is no object')
  return settings
}

function readGroups(text: string, event: string): readonly unknown[] {
  const groups = readSettings(text).hooks?.[event]
  if (groups === undefined) return []
  if (!Array.isArray(groups)) throw invalid(`its hooks for ${event} are no list`)
  return groups
}

function listHooks(group: unknown): readonly unknown[] {
  const hooks = isObject(group) ? group['hooks'] : undefined
  return Array.isArray(hooks) ? hooks : []
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function addGroup(text: string, event: string, group: HookGroup): string {
  const root = findSpans(text)
  const hooks = findMember(root, 'hooks')
  if (hooks === undefined) return insert(text, root, 0, `"hooks": ${print(text, { [event]: [group] }, 1)}`)
  const groups = findMember(hooks.value, event)
  if (groups === undefined) return insert(text, hooks.value, 1, `${JSON.stringify(event)}: ${print(text, [group], 2)}`)
  return insert(text, groups.value, 2, print(text, group, 3))
}

/** Puts an entry at the end of an object or a list that is `depth` levels deep. */
function insert(text: string, span: JsonSpan, depth: number, entry: string): string {
  const entries = span.kind === 'object' ? span.members : span.kind === 'array' ? span.items : []
  const last = entries.at(-1)
  const [line, indent] = [lineEndOf(text), indentOf(text)]
  const begin = `${line}${indent.repeat(depth + 1)}${entry}`
  if (last !== undefined) return `${text.slice(0, last.end)},${begin}${text.slice(last.end)}`
  return `${text.slice(0, span.start + 1)}${begin}${line}${indent.repeat(depth)}${text.slice(span.end - 1)}`
}

function removeOwn(text: string, event: string): string {
  let result = text
  for (;;) {
    const groups = readGroups(result, event)
    const index = groups.findIndex((group) => listHooks(group).some(isOwnHook))
    if (index === -1) return result
    const hooks = listHooks(groups[index])
    const path = hooks.every(isOwnHook) ? [index] : [index, 'hooks', hooks.findIndex(isOwnHook)]
    result = removeAt(result, ['hooks', event, ...path])
  }
}

/** Takes an entry out, and each object or list that held nothing else, up to but not including the settings themselves. */
function removeAt(text: string, path: readonly (string | number)[]): string {
  const trail: { readonly parent: JsonSpan; readonly index: number }[] = []
  let span = findSpans(text)
  for (const step of path) {
    const entries = span.kind === 'object' ? span.members : span.kind === 'array' ? span.items : []
    const index = typeof step === 'number' ? step : entries.findLastIndex((entry) => 'key' in entry && entry.key === step)
    const entry = entries[index]
    if (entry === undefined) return text
    trail.push({ parent: span, index })
    span = 'value' in entry ? entry.value : entry
  }
  const keeps = trail.findLast(({ parent }) => countEntries(parent) > 1) ?? trail[0]
  if (keeps === undefined) return text
  const { parent, index } = keeps
  const entries = parent.kind === 'object' ? parent.members : parent.kind === 'array' ? parent.items : []
  const [before, entry, after] = [entries[index - 1], entries[index], entries[index + 1]]
  if (entry === undefined) return text
  if (before !== undefined) return text.slice(0, before.end) + text.slice(entry.end)
  if (after !== undefined) return text.slice(0, entry.start) + text.slice(after.start)
  return text.slice(0, parent.start + 1) + text.slice(parent.end - 1)
}

function countEntries(span: JsonSpan): number {
  return span.kind === 'object' ? span.members.length : span.kind === 'array' ? span.items.length : 0
}

function print(text: string, value: unknown, depth: number): string {
  const indent = indentOf(text)
  return JSON.stringify(value, null, indent)
    .split('\n')
    .join(`${lineEndOf(text)}${indent.repeat(depth)}`)
}

function indentOf(text: string): string {
  return /^[^\S\r\n]+(?=")/m.exec(text)?.[0] ?? '  '
}

function lineEndOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

function invalid(why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'AGENT_SETTINGS_INVALID',
    message: `${claudeSettingsFile} cannot be changed: ${why}`,
    hint: `mend it first; the agent cannot read it either`,
    details: { file: claudeSettingsFile },
  })
}
