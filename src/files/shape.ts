/** Whether a value read from a file is what its reader takes it for. A schema library would cost each hook a third of its time. */
export type Check = (value: unknown) => boolean

export const isText: Check = (value) => typeof value === 'string'
export const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
export const isFlag: Check = (value) => typeof value === 'boolean'

export function orNull(check: Check): Check {
  return (value) => value === null || check(value)
}

export function orAbsent(check: Check): Check {
  return (value) => value === undefined || check(value)
}

export function isOneOf(...words: readonly unknown[]): Check {
  return (value) => words.includes(value)
}

export function isListOf(check: Check): Check {
  return (value) => Array.isArray(value) && value.every(check)
}

export function isMapOf(check: Check): Check {
  return (value) => isObject(value) && Object.values(value).every(check)
}

/** An object with these fields; others may be there too. */
export function hasFields(fields: Readonly<Record<string, Check>>): Check {
  const checks = Object.entries(fields)
  return (value) => isObject(value) && checks.every(([name, check]) => check(value[name]))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
