import { findNearest } from './nearest.ts'
import { isPlainObject } from './plain-value.ts'
import { findPreset } from './preset-table.ts'
import type { Problem } from './problem.ts'
import { findTemplates } from './safe-values.ts'

/** Names every template knows, besides the declared ports and variables. */
export const templateNames = ['project', 'session', 'session_snake', 'branch', 'base', 'main', 'worktree'] as const

/**
 * What the schema cannot say because it spans several keys. The content may be wrong in any way: every rule looks at
 * what it needs and leaves the rest to the schema.
 */
export function findRuleProblems(content: unknown): Problem[] {
  return rules.flatMap((rule) => rule(content))
}

const rules: readonly ((content: unknown) => Problem[])[] = [findDoubleNames, findCaseTwins]

/** A name that is a port and a variable would have two values. */
function findDoubleNames(content: unknown): Problem[] {
  const env = Object.keys(part(content, 'env'))
  return Object.keys(part(content, 'ports'))
    .filter((name) => env.includes(name))
    .map((name) => ({ path: `env.${name}`, message: 'is also a port; each name can have one value only' }))
}

/** Windows does not tell names of variables apart by case. */
function findCaseTwins(content: unknown): Problem[] {
  const seen = new Map<string, string>()
  return (['ports', 'env'] as const).flatMap((key) =>
    Object.keys(part(content, key)).flatMap((name) => {
      const twin = seen.get(name.toLowerCase())
      if (twin === undefined) seen.set(name.toLowerCase(), name)
      return twin === undefined || twin === name ? [] : [{ path: `${key}.${name}`, message: `differs from ${twin} in case only` }]
    }),
  )
}

/**
 * Unknown names in templates, and variables that need themselves. Looked at over all files and presets together:
 * a preset's port may be used in the project's variables.
 */
export function findTemplateProblems(
  content: unknown,
  declared: { readonly ports: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Problem[] {
  const known = [...new Set([...templateNames, ...declared.ports, ...Object.keys(declared.env)])]
  return Object.entries(part(content, 'env')).flatMap(([name, value]) => {
    if (typeof value !== 'string') return []
    const path = `env.${name}`
    const unknown = [...new Set(findTemplates(value))].filter((used) => !known.includes(used))
    const problems = unknown.map((used): Problem => {
      const problem = {
        path,
        message: `uses {${used}}, which is not known; allowed: ${known.map((one) => `{${one}}`).join(' ')}`,
      }
      const suggestion = findNearest(used, known)
      return suggestion === undefined ? problem : { ...problem, suggestion: `{${suggestion}}` }
    })
    return needsItself(name, declared.env)
      ? [...problems, { path, message: `needs its own value: {${name}} leads back to ${name}` }]
      : problems
  })
}

function needsItself(name: string, env: Readonly<Record<string, string>>): boolean {
  const reached = new Set<string>()
  const queue = [name]
  for (const current of queue) {
    const value = Object.hasOwn(env, current) ? env[current] : undefined
    for (const used of findTemplates(value ?? '')) {
      if (used === name) return true
      if (!reached.has(used)) queue.push(used)
      reached.add(used)
    }
  }
  return false
}

/** Ports and variables a file declares, its presets included; whatever else is wrong with it. */
export function findDeclared(contents: readonly unknown[]): { ports: string[]; env: Record<string, string> } {
  const layers = contents.flatMap((content) => [...presetsOf(content), content])
  const env: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(part(layer, 'env'))) env[name] = typeof value === 'string' ? value : ''
  }
  return { ports: [...new Set(layers.flatMap((layer) => Object.keys(part(layer, 'ports'))))], env }
}

function presetsOf(content: unknown): unknown[] {
  const list = isPlainObject(content) ? content['extends'] : undefined
  return Array.isArray(list) ? list.map((entry: unknown) => (typeof entry === 'string' ? findPreset(entry) : entry)) : []
}

function part(content: unknown, key: string): Record<string, unknown> {
  const value = isPlainObject(content) ? content[key] : undefined
  return isPlainObject(value) ? value : {}
}
