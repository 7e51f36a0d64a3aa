import type { Problem } from './problem.ts'

/** What a config file exported, as plain data. Functions are named apart, so that data cannot pretend to be one. */
export interface PlainValue {
  readonly value: unknown
  /** Dotted paths where a function stood; the value there is an empty list. */
  readonly functions: readonly string[]
  readonly problems: readonly Problem[]
}

const longestText = 65_536
const longestList = 10_000
const deepest = 12
/** Of all values, and of the characters of all texts: what no config of a person has, and what could fill the memory. */
const mostValues = 100_000
const mostCharacters = 4_000_000

/** Copies plain objects, lists, texts, numbers and booleans; everything else is a problem. Getters are read once. */
export function toPlainValue(input: unknown): PlainValue {
  const functions: string[] = []
  const problems: Problem[] = []
  const report = (path: string, message: string): undefined => {
    problems.push({ path, message })
    return undefined
  }

  let values = 0
  let isTooMuch = false
  let characters = 0
  const copy = (value: unknown, path: string, depth: number): unknown => {
    values += 1
    if (typeof value === 'string' && value.length <= longestText) characters += value.length
    if (values > mostValues || characters > mostCharacters) {
      if (!isTooMuch) report('', 'holds more values or text than any config needs')
      isTooMuch = true
    }
    if (isTooMuch) return undefined
    if (value === null || typeof value === 'boolean' || typeof value === 'number') return value
    if (typeof value === 'string') {
      return value.length <= longestText
        ? value
        : report(path, `is a text of ${value.length} characters; at most ${longestText} are allowed`)
    }
    if (typeof value === 'function') {
      functions.push(path)
      return []
    }
    if (value === undefined) return undefined
    if (typeof value !== 'object') return report(path, `is a ${typeof value}; only plain data is allowed`)
    if (depth > deepest) return report(path, `is nested more than ${deepest} levels deep, or contains itself`)
    if (Array.isArray(value)) {
      if (value.length > longestList)
        return report(path, `is a list of ${value.length} entries; at most ${longestList} are allowed`)
      return value.map((entry, index) => copy(entry, `${path}[${index}]`, depth + 1))
    }
    if (!isPlainObject(value)) return report(path, `is ${nameKind(value)}; only plain data is allowed`)
    const result: Record<string, unknown> = {}
    for (const [key, entry] of Object.entries(value)) {
      const at = joinPath(path, key)
      if (key === '__proto__') report(at, 'is not allowed as a key')
      else if (entry !== undefined) result[key] = copy(entry, at, depth + 1)
    }
    return result
  }

  const value = copy(input, '', 0)
  return { value: isTooMuch ? {} : value, functions, problems }
}

/** `a.b`, also where there is no `a` yet. */
export function joinPath(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** What kind of value it is, for a sentence: `a function`, `an instance of Map`, `nothing`. */
export function nameKind(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'function') return /^class\b/.test(Function.prototype.toString.call(value)) ? 'a class' : 'a function'
  if (typeof value === 'string') return 'a text'
  if (typeof value !== 'object') return `a ${typeof value}`
  if (isPromiseLike(value)) return 'a promise'
  if (isPlainObject(value)) return 'an object'
  const { constructor } = value as { constructor?: { name?: unknown } }
  return typeof constructor?.name === 'string' && constructor.name !== ''
    ? `an instance of ${constructor.name}`
    : 'an object with a prototype of its own'
}

/** Also objects of another realm: their prototype's prototype is null too. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, 'isPrototypeOf'))
  )
}

function isPromiseLike(value: object): boolean {
  return typeof (value as { then?: unknown }).then === 'function'
}
