import { type Dialect, findLiteral, joinParts, type Part, type ScriptStep, type Word } from './script.ts'

/** Where a reader is in a script. */
export interface Cursor {
  readonly text: string
  at: number
  readonly dialect: Dialect
  /** Brackets and substitutions around. */
  readonly depth: number
  /** Inside of backquotes, where the next one closes. */
  readonly backquoted: boolean
}

/** Reads the script inside `$(…)` or backquotes: `source` up to where `end` closes it. */
export type ReadNested = (cursor: Cursor, end: ')' | '`') => ScriptStep[]

export interface ReadWord {
  readonly word: Word
  /** Scripts inside of it, which run before the command does. */
  readonly nested: readonly ScriptStep[]
}

const unknown: Part = { kind: 'unknown' }

/** Reads one word, which may be nothing but quotes; the cursor is behind it afterwards. */
export function readWord(cursor: Cursor, readNested: ReadNested): ReadWord {
  const parts: Part[] = []
  const nested: ScriptStep[] = []
  const { text, dialect } = cursor
  const escape = dialect === 'posix' ? '\\' : '`'
  const isPosix = dialect === 'posix'
  const begin = cursor.at
  while (cursor.at < text.length) {
    const char = text[cursor.at] ?? ''
    if (char === '`' && cursor.backquoted) break
    if (/[\s;&|<>()]/.test(char) || (!isPosix && /[{},]/.test(char))) break
    if (char === escape) {
      const next = text[cursor.at + 1] ?? char
      if (next !== '\n') parts.push({ kind: 'text', text: next })
      cursor.at += 2
    } else if (char === "'") parts.push(readSingleQuoted(cursor))
    else if (char === '"') parts.push(...readDoubleQuoted(cursor, nested, readNested))
    else if (char === '$') parts.push(...readDollar(cursor, nested, readNested, false))
    else if (char === '`') parts.push(readBackquoted(cursor, nested, readNested))
    else if (char === '~' && cursor.at === begin) parts.push(readTilde(cursor))
    else if (char === '*' || char === '?') parts.push(take(cursor, 'glob', char))
    else if (char === '[' && /^\[[^\]\s/]+\]/.test(text.slice(cursor.at, cursor.at + 200)))
      parts.push(take(cursor, 'glob', text.slice(cursor.at, text.indexOf(']', cursor.at) + 1)))
    else if (char === '{' && isPosix && /^\{[^{}\s]*(?:,|\.\.)[^{}\s]*\}/.test(text.slice(cursor.at, cursor.at + 1_000))) {
      const end = text.indexOf('}', cursor.at)
      parts.push(toChoice(text.slice(cursor.at + 1, end)))
      cursor.at = end + 1
    } else parts.push(take(cursor, 'text', char))
  }
  return { word: joinParts(parts), nested }
}

function take(cursor: Cursor, kind: 'text' | 'glob', text: string): Part {
  cursor.at += text.length
  return { kind, text }
}

function readSingleQuoted(cursor: Cursor): Part {
  let content = ''
  cursor.at += 1
  while (cursor.at < cursor.text.length) {
    const end = cursor.text.indexOf("'", cursor.at)
    const stop = end === -1 ? cursor.text.length : end
    content += cursor.text.slice(cursor.at, stop)
    cursor.at = stop + 1
    if (cursor.dialect === 'posix' || cursor.text[cursor.at] !== "'") break
    content += "'"
    cursor.at += 1
  }
  return { kind: 'text', text: content }
}

function readDoubleQuoted(cursor: Cursor, nested: ScriptStep[], readNested: ReadNested): Part[] {
  const parts: Part[] = [{ kind: 'text', text: '' }]
  const escape = cursor.dialect === 'posix' ? '\\' : '`'
  cursor.at += 1
  while (cursor.at < cursor.text.length && cursor.text[cursor.at] !== '"') {
    const char = cursor.text[cursor.at] ?? ''
    if (char === '`' && cursor.backquoted) break
    if (char === escape) {
      const next = cursor.text[cursor.at + 1] ?? ''
      const isEscaped = cursor.dialect === 'powershell' || /["\\$`]/.test(next)
      if (next !== '\n') parts.push({ kind: 'text', text: isEscaped ? next : char + next })
      cursor.at += 2
    } else if (char === '$') parts.push(...readDollar(cursor, nested, readNested, true))
    else if (char === '`') parts.push(readBackquoted(cursor, nested, readNested))
    else parts.push(take(cursor, 'text', char))
  }
  cursor.at += 1
  return parts
}

function readBackquoted(cursor: Cursor, nested: ScriptStep[], readNested: ReadNested): Part {
  cursor.at += 1
  return readSubstitution(cursor, nested, readNested, '`')
}

function readSubstitution(cursor: Cursor, nested: ScriptStep[], readNested: ReadNested, end: ')' | '`'): Part {
  const steps = readNested(cursor, end)
  nested.push(...steps)
  const [first, ...others] = steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []))
  return others.length === 0 && findLiteral(first?.words[0] ?? []) === 'mktemp' ? { kind: 'fresh' } : unknown
}

/** `{a,b}`; `{1..9}` and what has more than plain characters in it stays unknown. */
function toChoice(content: string): Part {
  return /^[\w./@%+=:,~-]*$/.test(content) && content.includes(',') ? { kind: 'choice', texts: content.split(',') } : unknown
}

/** Everything a dollar sign may begin. */
function readDollar(cursor: Cursor, nested: ScriptStep[], readNested: ReadNested, inQuotes: boolean): Part[] {
  const quoted = inQuotes || cursor.dialect === 'powershell'
  const rest = cursor.text.slice(cursor.at, cursor.at + 200)
  if (rest.startsWith('$((')) {
    skipBalanced(cursor, '(', ')')
    return [unknown]
  }
  if (rest.startsWith('$(')) {
    cursor.at += 2
    return [readSubstitution(cursor, nested, readNested, ')')]
  }
  if (rest.startsWith('${')) {
    const name = /^\$\{(\w+)\}/.exec(rest)
    if (name === null) skipBalanced(cursor, '{', '}')
    else cursor.at += name[0].length
    return [name === null ? unknown : { kind: 'variable', name: name[1] ?? '', quoted }]
  }
  if (rest.startsWith("$'") && cursor.dialect === 'posix') return [readAnsi(cursor)]
  const name = /^\$(?:env:)?([A-Za-z_]\w*)/i.exec(rest)
  if (name !== null) {
    cursor.at += name[0].length
    return [{ kind: 'variable', name: name[1] ?? '', quoted }]
  }
  if (/^\$[@*#?$!\d-]/.test(rest)) {
    cursor.at += 2
    return [unknown]
  }
  return [take(cursor, 'text', '$')]
}

/** `$'…'`: with an escape in it, it could be anything. */
function readAnsi(cursor: Cursor): Part {
  const found = /^\$'((?:[^'\\]|\\.)*)'?/s.exec(cursor.text.slice(cursor.at))
  cursor.at += found?.[0].length ?? 2
  const content = found?.[1] ?? ''
  return content.includes('\\') ? unknown : { kind: 'text', text: content }
}

function readTilde(cursor: Cursor): Part {
  const user = /^~[^\s/;&|<>()]*/.exec(cursor.text.slice(cursor.at, cursor.at + 200))?.[0] ?? '~'
  cursor.at += user.length
  return user === '~' ? { kind: 'variable', name: 'HOME', quoted: true } : unknown
}

/** From the first opening bracket at the cursor behind the one that closes it, quotes aside. */
function skipBalanced(cursor: Cursor, open: string, close: string): void {
  let level = 0
  while (cursor.at < cursor.text.length) {
    const char = cursor.text[cursor.at]
    if (char === '\\') cursor.at += 1
    else if (char === open) level += 1
    else if (char === close) {
      level -= 1
      if (level === 0) break
    }
    cursor.at += 1
  }
  cursor.at += 1
}
