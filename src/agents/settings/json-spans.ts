/** A value in a JSON text, and where it stands: so that it can be changed without touching anything else. */
export type JsonSpan =
  | { readonly kind: 'object'; readonly start: number; readonly end: number; readonly members: readonly JsonMember[] }
  | { readonly kind: 'array'; readonly start: number; readonly end: number; readonly items: readonly JsonSpan[] }
  | { readonly kind: 'other'; readonly start: number; readonly end: number }

export interface JsonMember {
  readonly key: string
  /** From the key's quote to the end of the value. */
  readonly start: number
  readonly end: number
  readonly value: JsonSpan
}

/** @param text valid JSON: `JSON.parse` has taken it. */
export function findSpans(text: string): JsonSpan {
  return readValue(text, skipSpace(text, text.startsWith('\uFEFF') ? 1 : 0))
}

/** The last one of that name, as `JSON.parse` takes it. */
export function findMember(span: JsonSpan, key: string): JsonMember | undefined {
  return span.kind === 'object' ? span.members.findLast((member) => member.key === key) : undefined
}

function readValue(text: string, start: number): JsonSpan {
  const opening = text[start]
  if (opening === '{') return readObject(text, start)
  if (opening === '[') return readArray(text, start)
  if (opening === '"') return { kind: 'other', start, end: stringEnd(text, start) }
  const scalar = /[^\s,\]}]*/y
  scalar.lastIndex = start
  scalar.exec(text)
  return { kind: 'other', start, end: scalar.lastIndex }
}

function readObject(text: string, start: number): JsonSpan {
  const members: JsonMember[] = []
  let at = skipSpace(text, start + 1)
  while (text[at] === '"') {
    const keyEnd = stringEnd(text, at)
    const value = readValue(text, skipSpace(text, skipSpace(text, keyEnd) + 1))
    members.push({ key: JSON.parse(text.slice(at, keyEnd)) as string, start: at, end: value.end, value })
    at = skipSpace(text, value.end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return { kind: 'object', start, end: at + 1, members }
}

function readArray(text: string, start: number): JsonSpan {
  const items: JsonSpan[] = []
  let at = skipSpace(text, start + 1)
  while (at < text.length && text[at] !== ']') {
    const value = readValue(text, at)
    items.push(value)
    at = skipSpace(text, value.end)
    if (text[at] === ',') at = skipSpace(text, at + 1)
  }
  return { kind: 'array', start, end: at + 1, items }
}

function skipSpace(text: string, start: number): number {
  const space = /\s*/y
  space.lastIndex = start
  space.exec(text)
  return space.lastIndex
}

function stringEnd(text: string, start: number): number {
  const string = /"(?:[^"\\]|\\.)*"/sy
  string.lastIndex = start
  string.exec(text)
  return string.lastIndex
}
