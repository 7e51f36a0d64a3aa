import { findNearest } from './nearest.ts'
import { type PlainValue, isPlainObject, joinPath, nameKind } from './plain-value.ts'
import type { Problem } from './problem.ts'
import { findRuleProblems } from './rules.ts'
import { type WrittenConfig, configSchema } from './schema.ts'
import { findAllPaths, findKeys } from './schema-keys.ts'

/** A config that passed, or everything that is wrong with it. */
export type Validation =
  | { readonly ok: true; readonly config: WrittenConfig; readonly functions: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] }

const functionKeys: readonly string[] = ['postCreateHook', 'preRemoveHook']

/** Checks one file's content by the schema and the rules; no problem hides another. */
export function validateConfig(content: PlainValue): Validation {
  const problems: Problem[] = [...content.problems]
  for (const path of content.functions) {
    if (!functionKeys.includes(path)) {
      problems.push({ path, message: `is a function; only ${functionKeys.join(' and ')} may be one` })
    }
  }
  const told = new Set(problems.map((problem) => problem.path))
  const result = configSchema.safeParse(content.value)
  if (!result.success) {
    for (const issue of result.error.issues) {
      problems.push(...describeIssue(issue as Issue, [], content.value).filter((problem) => !told.has(problem.path)))
    }
  }
  problems.push(...findRuleProblems(content.value))
  return result.success && problems.length === 0
    ? { ok: true, config: result.data, functions: content.functions }
    : { ok: false, problems }
}

/** The parts of zod's issues that are used here. */
interface Issue {
  readonly code: string
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly expected?: string
  readonly keys?: readonly string[]
  readonly values?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly errors?: readonly (readonly Issue[])[]
  readonly issues?: readonly Issue[]
}

function describeIssue(issue: Issue, parent: readonly PropertyKey[], root: unknown): Problem[] {
  const keys = [...parent, ...issue.path]
  const path = formatPath(keys)
  const value = valueAt(root, keys)
  switch (issue.code) {
    case 'unrecognized_keys':
      return (issue.keys ?? []).map((key) => describeUnknownKey(keys, key))
    case 'invalid_key':
      return [{ path, message: issue.issues?.[0]?.message ?? issue.message }]
    case 'invalid_value':
      return [describeChoice(path, value, issue.values ?? [])]
    case 'invalid_type':
      return [
        {
          path,
          message: `is ${value === undefined ? 'missing' : show(value)}; ${expectedWords[issue.expected ?? ''] ?? issue.expected} is expected`,
        },
      ]
    case 'too_small':
      return [{ path, message: `is ${show(value)}; at least ${issue.minimum} is allowed` }]
    case 'too_big':
      return [{ path, message: `is ${show(value)}; at most ${issue.maximum} is allowed` }]
    case 'invalid_union':
      return describeUnion(issue, keys, value, root)
    default:
      return [{ path, message: issue.message }]
  }
}

/** The branch that was meant: the one whose kind the value has; without one, what all of them want. */
function describeUnion(issue: Issue, keys: readonly PropertyKey[], value: unknown, root: unknown): Problem[] {
  const branches = issue.errors ?? []
  const meant = branches.find((branch) =>
    branch.every((one) => one.path.length > 0 || !['invalid_type', 'invalid_value'].includes(one.code)),
  )
  const byValue =
    typeof value === 'string' || typeof value === 'number'
      ? branches.find((branch) => branch.every((one) => one.code === 'invalid_value'))
      : undefined
  const chosen = meant ?? byValue
  if (chosen !== undefined) return chosen.flatMap((one) => describeIssue(one, keys, root))
  const wanted = branches.flatMap((branch) =>
    branch.map((one) => expectedWords[one.expected ?? ''] ?? (one.values ?? []).map(show).join(', ')),
  )
  return [{ path: formatPath(keys), message: `is ${show(value)}; ${[...new Set(wanted)].join(' or ')} is expected` }]
}

function describeUnknownKey(parent: readonly PropertyKey[], key: string): Problem {
  const allowed = findKeys(parent)
  const path = joinPath(formatPath(parent), key)
  const sibling = findNearest(key, allowed)
  const elsewhere = findAllPaths().find((one) => one.endsWith(`.${key}`) || one === key)
  const suggestion = sibling === undefined ? elsewhere : joinPath(formatPath(parent), sibling)
  const problem = { path, message: `is not a known key; allowed here: ${allowed.join(', ')}` }
  return suggestion === undefined ? problem : { ...problem, suggestion }
}

function describeChoice(path: string, value: unknown, values: readonly unknown[]): Problem {
  const message = `is ${show(value)}; allowed: ${values.map(show).join(', ')}`
  const texts = values.filter((one) => typeof one === 'string')
  const suggestion = typeof value === 'string' ? findNearest(value, texts) : undefined
  return suggestion === undefined ? { path, message } : { path, message, suggestion }
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return nameKind(value)
}

function formatPath(keys: readonly PropertyKey[]): string {
  return keys.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : joinPath(path, String(key))), '')
}

function valueAt(root: unknown, keys: readonly PropertyKey[]): unknown {
  let value = root
  for (const key of keys) {
    if (Array.isArray(value)) value = value[Number(key)]
    else if (isPlainObject(value)) value = value[String(key)]
    else return undefined
  }
  return value
}
