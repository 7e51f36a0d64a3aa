import type { RemoteRepository } from '../remote-url.ts'
import { isObject } from './run-client.ts'

/** What a client printed, taken as what it is, or as nothing. */
type Fields = Readonly<Record<string, unknown>>

export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** The texts under one of `names` in each object of a list, without repeating any. */
export function listTexts(value: unknown, ...names: readonly string[]): string[] {
  if (!Array.isArray(value)) return []
  const found = value.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [entry]
    const name = isObject(entry) ? names.find((one) => typeof entry[one] === 'string' && entry[one] !== '') : undefined
    return name === undefined ? [] : [String((entry as Fields)[name])]
  })
  return [...new Set(found)]
}

/** The text under `name` in an object of its own: the login of an author, say. */
export function textIn(value: unknown, name: string): string | null {
  return isObject(value) && typeof value[name] === 'string' && value[name] !== '' ? value[name] : null
}

/** An address on the repository's own host; anything else gives the one it must have. */
export function addressOf({ webUrl }: RemoteRepository, said: unknown, path: string): string {
  const expected = `${webUrl}/${path}`
  if (typeof said !== 'string' || said.length > 1000 || !/^[\x21-\x7e]+$/.test(said) || !URL.canParse(said)) return expected
  const url = new URL(said)
  const isThere = url.hostname === new URL(webUrl).hostname && url.username === '' && /^https?:$/.test(url.protocol)
  return isThere ? said : expected
}

/** A number a request or an issue can have. */
export function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0
}
