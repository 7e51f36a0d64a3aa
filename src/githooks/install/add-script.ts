interface Container {
  /** Of the opening brace. */
  readonly open: number
  /** Of the closing brace. */
  readonly close: number
}

/**
 * A package.json with one more script, every other byte as it was. undefined when the script is there already
 * or the text has not the form to be edited (`scripts` is no object).
 */
export function addScript(text: string, name: string, command: string): string | undefined {
  const top = findTopObject(text)
  if (top === undefined) return undefined
  const line = `${JSON.stringify(name)}: ${JSON.stringify(command)}`
  const outer = leadingSpace(text, top)
  const scripts = findMember(text, top, 'scripts')
  if (scripts === undefined) {
    const newline = /^\r?\n/.exec(outer)?.[0]
    const inner = newline === undefined ? outer : outer + outer.slice(newline.length)
    const member = `"scripts": {${inner}${line}${outer}}`
    const last = text.slice(0, top.close).trimEnd().length
    if (last === top.open + 1) return `${text.slice(0, last)}\n  "scripts": {\n    ${line}\n  }\n${text.slice(top.close)}`
    return `${text.slice(0, last)},${outer}${member}${text.slice(last)}`
  }
  if (text[scripts] !== '{') return undefined
  const inside = { open: scripts, close: skipValue(text, scripts) - 1 }
  if (findMember(text, inside, name) !== undefined) return undefined
  const isEmpty = text.slice(inside.open + 1, inside.close).trim() === ''
  if (isEmpty) return `${text.slice(0, inside.open + 1)} ${line} ${text.slice(inside.close)}`
  const space = leadingSpace(text, inside)
  return `${text.slice(0, inside.open + 1)}${space}${line},${text.slice(inside.open + 1)}`
}

/** The text without exactly this script, undefined when it is not there. */
export function removeScript(text: string, name: string, command: string): string | undefined {
  const member = `${escape(JSON.stringify(name))}\\s*:\\s*${escape(JSON.stringify(command))}`
  for (const pattern of [`${member}\\s*,\\s*`, `,\\s*${member}`, member]) {
    const match = new RegExp(pattern).exec(text)
    if (match !== null) return text.slice(0, match.index) + text.slice(match.index + match[0].length)
  }
  return undefined
}

function findTopObject(text: string): Container | undefined {
  const open = text.search(/[^\s\uFEFF]/)
  return text[open] === '{' ? { open, close: skipValue(text, open) - 1 } : undefined
}

function leadingSpace(text: string, container: Container): string {
  return /^\s*/.exec(text.slice(container.open + 1, container.close))?.[0] ?? ''
}

/** Where the value of a direct member begins. The text is known to be valid JSON. */
function findMember(text: string, container: Container, name: string): number | undefined {
  let at = container.open + 1
  while (at < container.close) {
    const key = text.indexOf('"', at)
    if (key === -1 || key > container.close) return undefined
    const keyEnd = skipValue(text, key)
    const value = text.indexOf(':', keyEnd) + 1 + (/^\s*/.exec(text.slice(text.indexOf(':', keyEnd) + 1))?.[0].length ?? 0)
    if (JSON.parse(text.slice(key, keyEnd)) === name) return value
    at = skipValue(text, value)
  }
  return undefined
}

/** The position after the JSON value that begins at `start`. */
function skipValue(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const char = text[at]
    if (char === '"') {
      at += 1
      while (text[at] !== '"' && at < text.length) at += text[at] === '\\' ? 2 : 1
    } else if (char === '{' || char === '[') depth += 1
    else if (char === '}' || char === ']') {
      if (depth === 0) return at
      depth -= 1
    } else if (depth > 0 || !/[,\s]/.test(char ?? '')) continue
    else return at
    if (depth === 0) return at + 1
  }
  return text.length
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
