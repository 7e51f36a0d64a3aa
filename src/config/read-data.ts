import { extname } from 'node:path'
import { type PlainValue, isPlainObject, nameKind, toPlainValue } from './plain-value.ts'
import { failedConfig, invalidConfig } from './problem.ts'
import type { SourceFile } from './read-sources.ts'

/**
 * What a JSON or YAML config says; a file without an ending is YAML, which JSON is too.
 * @throws FlightRulesError CONFIG_FAILED (with the line), CONFIG_INVALID (empty, or no object).
 */
export async function readData(source: SourceFile): Promise<PlainValue> {
  const text = source.text.replace(/^\uFEFF/, '')
  const value =
    text.trim() === '' ? undefined : extname(source.file) === '.json' ? parseJson(source, text) : await parseYaml(source, text)
  if (isPlainObject(value)) return toPlainValue(value)
  const what = value === undefined ? 'is empty' : `is ${nameKind(value)}`
  throw invalidConfig(source.path, [{ path: '', message: `${what}; it has to be an object with the keys of the config` }])
}

function parseJson(source: SourceFile, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const position = findJsonError(text)
    const found = text.slice(position).trimStart()[0]
    const reason = found === undefined ? 'it ends too early' : `${JSON.stringify(found)} is not expected here`
    throw failedConfig(source.path, lineAt(text, position), `not valid JSON: ${reason}`)
  }
}

/** Where a text stops being the beginning of valid JSON; not every version of node says. */
function findJsonError(text: string): number {
  let [right, wrong] = [0, text.length + 1]
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1
    if (isBeginningOfJson(text.slice(0, middle))) right = middle
    else wrong = middle
  }
  return right
}

function isBeginningOfJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch (error) {
    const message = describe(error)
    const position = /at position (\d+)/.exec(message)?.[1]
    return /end of JSON|Unterminated|No number after/.test(message) || Number(position ?? -1) >= text.length
  }
}

async function parseYaml(source: SourceFile, text: string): Promise<unknown> {
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error === undefined) {
    try {
      return document.toJS({ maxAliasCount: 100 })
    } catch (failure) {
      throw failedConfig(source.path, undefined, `not valid YAML: ${describe(failure)}`)
    }
  }
  throw failedConfig(source.path, lineAt(text, error.pos[0]), `not valid YAML: ${error.message}`)
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split('\n').length
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
