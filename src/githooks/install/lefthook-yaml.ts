import { isDeepStrictEqual } from 'node:util'
import type { YAMLMap } from 'yaml'
import { type HookName, hookNames } from './hook-block.ts'

export const lefthookScript = 'flightrules.sh'

const opening = '# >>> flightrules >>>'
const closing = '# <<< flightrules <<<'
const explanation = '# The hooks of Flight Rules. `flightrules init --remove` takes this block out.'

interface Insertion {
  readonly at: number
  readonly lines: readonly string[]
}

/** The lines that register one hook's script, for a person to add where we cannot. */
export function registration(name: HookName): string[] {
  return [`${name}:`, '  scripts:', ...entry(name).map((line) => `    ${line}`)]
}

/**
 * A lefthook config in YAML with our scripts registered, every other byte as it was. `undefined` when it has a form in
 * which lines cannot just be added. The text itself when all are registered.
 */
export async function registerInLefthook(text: string): Promise<string | undefined> {
  const { isMap, isScalar, parseDocument } = await import('yaml')
  const document = parseDocument(text)
  if (document.errors.length > 0) return undefined
  const before: unknown = document.toJS()
  const top = document.contents
  if (top !== null && !isMap(top) && !(isScalar(top) && top.value === null)) return undefined
  const insertions: Insertion[] = []
  const missing: HookName[] = []
  for (const name of hookNames) {
    const pair = isMap(top) ? findPair(top, name) : undefined
    if (pair === undefined) {
      missing.push(name)
      continue
    }
    const scripts = isMap(pair.value) ? findPair(pair.value, 'scripts') : undefined
    if (isMap(scripts?.value) && scripts.value.has(lefthookScript)) continue
    const place =
      scripts === undefined
        ? placeIn(text, pair, ['scripts:', ...entry(name).map((line) => `  ${line}`)])
        : placeIn(text, scripts, entry(name))
    if (place === undefined) return undefined
    insertions.push(place)
  }
  if (missing.length > 0) {
    const gap = text === '' || text.endsWith('\n') ? [] : ['']
    insertions.push({ at: text.length, lines: [...gap, opening, explanation, ...missing.flatMap(registration), closing] })
  }
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  let after = text
  for (const { at, lines } of insertions.sort((a, b) => b.at - a.at)) {
    after = after.slice(0, at) + lines.map((line) => line + newline).join('') + after.slice(at)
  }
  const check = parseDocument(after)
  return check.errors.length === 0 && isDeepStrictEqual(check.toJS(), expected(before)) ? after : undefined

  function placeIn(source: string, pair: Pair, lines: readonly string[]): Insertion | undefined {
    const value = pair.value
    if (isMap(value) && value.items.length > 0) {
      const first = value.items[0]?.key
      const start = isScalar(first) ? first.range?.[0] : undefined
      if (start === undefined || value.flow === true) return undefined
      const lineStart = source.lastIndexOf('\n', start - 1) + 1
      const indent = source.slice(lineStart, start)
      return /^ *$/.test(indent) && indent !== '' ? { at: lineStart, lines: marked(lines, indent) } : undefined
    }
    const isEmpty = value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '')
    const keyEnd = isScalar(pair.key) ? pair.key.range?.[1] : undefined
    const keyStart = isScalar(pair.key) ? pair.key.range?.[0] : undefined
    if (!isEmpty || keyEnd === undefined || keyStart === undefined) return undefined
    const lineEnd = source.indexOf('\n', keyEnd)
    const indent = `${source.slice(source.lastIndexOf('\n', keyStart - 1) + 1, keyStart)}  `
    return lineEnd === -1 || !/^ *$/.test(indent) ? undefined : { at: lineEnd + 1, lines: marked(lines, indent) }
  }

  function findPair(map: YAMLMap, name: string): Pair | undefined {
    return map.items.find((item) => isScalar(item.key) && item.key.value === name)
  }
}

interface Pair {
  readonly key: unknown
  readonly value: unknown
}

function entry(name: HookName): string[] {
  return [`"${lefthookScript}":`, '  runner: sh', ...(name === 'pre-push' ? ['  use_stdin: true'] : [])]
}

function marked(lines: readonly string[], indent: string): string[] {
  return [opening, explanation, ...lines, closing].map((line) => indent + line)
}

/** What the config means once ours is in. */
function expected(before: unknown): unknown {
  const result: Record<string, unknown> = { ...asObject(before) }
  for (const name of hookNames) {
    const hook: Record<string, unknown> = { ...asObject(result[name]) }
    const scripts: Record<string, unknown> = { ...asObject(hook['scripts']) }
    scripts[lefthookScript] ??= name === 'pre-push' ? { runner: 'sh', use_stdin: true } : { runner: 'sh' }
    hook['scripts'] = scripts
    result[name] = hook
  }
  return result
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
