import { type Cursor, readWord } from './read-word.ts'
import { type Dialect, findLiteral, type Redirect, type ScriptStep, type ShellCommand, type Word } from './script.ts'

/** Scripts inside scripts that are followed; nobody writes more. */
const deepest = 20

const redirection = /^(?:\d+|\{\w+\})?(<<<|<<-?|<>|<&|>&|&>>|&>|>>|>\||<|>)/

const emptyBrackets = /^\([ \t]*\)/

interface Draft extends ShellCommand {
  readonly assignments: { name: string; value: Word }[]
  readonly words: Word[]
  readonly redirects: Redirect[]
  input: string | null
  /** The command that gets its output. */
  next: Draft | null
}

/** A here-document that was announced; its text comes after the line. */
interface Announced {
  readonly end: string
  readonly stripTabs: boolean
  readonly for: Draft
}

/**
 * Takes a shell script apart into its commands, those in substitutions, subshells and pipelines among them. Never fails: what is no script
 * gives whatever words it has.
 */
export function parseScript(text: string, dialect: Dialect = 'posix'): ScriptStep[] {
  return readList({ text: text.replaceAll('\r\n', '\n'), at: 0, dialect, depth: 0, backquoted: false }, null)
}

function readList(cursor: Cursor, end: ')' | '`' | '}' | null): ScriptStep[] {
  const steps: ScriptStep[] = []
  let element = 0
  let isPiped = false
  const announced: Announced[] = []
  let draft = newDraft()
  /** Closes the command that is being read; in a pipeline, or in the background, it runs in a shell of its own. */
  const finish = (separator: string): void => {
    if (draft.words.length > 0 || draft.assignments.length > 0 || draft.redirects.length > 0)
      steps.push({ kind: 'command', command: draft })
    const isApart = isPiped || separator === '|' || separator === '&'
    if (isApart && steps.length > element) {
      steps.splice(element, 0, { kind: 'open' })
      steps.push({ kind: 'close' })
    }
    isPiped = separator === '|'
    element = steps.length
    const next = newDraft()
    if (isPiped) {
      draft.next = next
      next.input = findSpoken(draft)
    }
    draft = next
  }
  while (cursor.at < cursor.text.length) {
    const rest = cursor.text.slice(cursor.at, cursor.at + 40)
    const char = rest[0] ?? ''
    if (char === end) {
      cursor.at += 1
      break
    }
    if (char === '\n') {
      cursor.at += 1
      readHeredocs(cursor, announced.splice(0))
      finish('\n')
    } else if (/^\s/.test(char)) cursor.at += 1
    else if (rest.startsWith('\\\n') && cursor.dialect === 'posix') cursor.at += 2
    else if (char === '#') cursor.at = lineEnd(cursor)
    else if (/^[<>]\(/.test(rest)) {
      cursor.at += 2
      steps.push(...readApart(cursor, ')'))
      draft.words.push([{ kind: 'unknown' }])
    } else if (redirection.test(rest)) readRedirect(cursor, draft, steps, announced)
    else if (/^[;&|]/.test(char)) {
      const separator = /^(?:&&|\|\||;;|\|&|[;&|])/.exec(rest)?.[0] ?? char
      cursor.at += separator.length
      finish(separator === '|&' ? '|' : separator)
    } else if (rest.startsWith('((') && draft.words.length === 0) {
      const close = cursor.text.indexOf('))', cursor.at)
      cursor.at = close === -1 ? cursor.text.length : close + 2
    } else if (draft.words.length === 1 && emptyBrackets.test(rest)) {
      // a function's name; what it does is looked at as if it were done
      cursor.at += emptyBrackets.exec(rest)?.[0].length ?? 1
      draft.words.pop()
    } else if (char === '(' || (char === '{' && cursor.dialect === 'powershell')) {
      cursor.at += 1
      steps.push(...readApart(cursor, char === '(' ? ')' : '}'))
    } else if (char === ')' || (char === '}' && isGroupEnd(cursor, draft)) || (char === ',' && cursor.dialect === 'powershell')) {
      // the pattern of a case, a function's empty brackets, or a list: no end of ours
      if (char !== ',') finish(';')
      cursor.at += 1
    } else readPlainWord(cursor, draft, steps)
  }
  finish('')
  return steps
}

function readPlainWord(cursor: Cursor, draft: Draft, steps: ScriptStep[]): void {
  const before = cursor.at
  const { word, nested } = readWord(cursor, (inner, close) => readApart(inner, close))
  // nothing may stand still
  if (cursor.at === before) cursor.at += 1
  steps.push(...nested)
  const assignment = draft.words.length === 0 && cursor.dialect === 'posix' ? findAssignment(word) : undefined
  if (assignment === undefined) draft.words.push(word)
  else draft.assignments.push(assignment)
}

function readApart(cursor: Cursor, end: ')' | '`' | '}'): ScriptStep[] {
  if (cursor.depth >= deepest) {
    cursor.at = cursor.text.length
    return []
  }
  const inner: Cursor = { ...cursor, depth: cursor.depth + 1, backquoted: end === '`' }
  const steps = readList(inner, end)
  cursor.at = inner.at
  return steps.length === 0 ? [] : [{ kind: 'open' }, ...steps, { kind: 'close' }]
}

function readRedirect(cursor: Cursor, draft: Draft, steps: ScriptStep[], announced: Announced[]): void {
  const [whole = '', operator = ''] = redirection.exec(cursor.text.slice(cursor.at, cursor.at + 40)) ?? []
  cursor.at += whole.length
  while (/^[ \t]/.test(cursor.text[cursor.at] ?? '')) cursor.at += 1
  const { word, nested } = readWord(cursor, (inner, close) => readApart(inner, close))
  steps.push(...nested)
  if (operator === '<<' || operator === '<<-') {
    announced.push({ end: findLiteral(word) ?? '', stripTabs: operator === '<<-', for: draft })
    return
  }
  const literal = findLiteral(word)
  if (operator === '<<<') draft.input ??= literal ?? null
  // `2>&1`, `>&-`: another descriptor, no file
  if (operator.endsWith('&') && literal !== undefined && /^(?:\d*-?)$/.test(literal)) return
  draft.redirects.push({ operator, target: word })
}

/** What `echo` says to the next one in the pipeline; null for others, and where it is not known. */
function findSpoken({ words }: Draft): string | null {
  const texts = words.map(findLiteral)
  if ((texts[0] !== 'echo' && texts[0] !== 'printf') || texts.includes(undefined)) return null
  return texts
    .slice(1)
    .filter((text) => !/^-[neE]+$/.test(text ?? ''))
    .join(' ')
}

/** Reads the texts that were announced on the line that has just ended. What `cat` reads, the next one in the pipeline reads. */
function readHeredocs(cursor: Cursor, announced: readonly Announced[]): void {
  for (const { end, stripTabs, for: command } of announced) {
    const lines: string[] = []
    while (cursor.at < cursor.text.length) {
      const stop = lineEnd(cursor)
      const line = cursor.text.slice(cursor.at, stop)
      cursor.at = stop + 1
      if ((stripTabs ? line.replace(/^\t+/, '') : line) === end) break
      lines.push(line)
    }
    command.input ??= lines.join('\n')
    const isHandedOn = command.words.length === 1 && findLiteral(command.words[0] ?? []) === 'cat'
    if (isHandedOn && command.next !== null) command.next.input ??= command.input
  }
}

/** Among the words of a command it is a word like any other. */
function isGroupEnd({ dialect }: Cursor, { words }: Draft): boolean {
  return dialect === 'powershell' || words.length === 0
}

function lineEnd({ text, at }: Cursor): number {
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end
}

function findAssignment(word: Word): { name: string; value: Word } | undefined {
  const [first, ...rest] = word
  if (first?.kind !== 'text') return undefined
  const found = /^([A-Za-z_]\w*)\+?=(.*)$/s.exec(first.text)
  if (found === null) return undefined
  const [, name = '', begin = ''] = found
  return { name, value: begin === '' ? rest : [{ kind: 'text', text: begin }, ...rest] }
}

function newDraft(): Draft {
  return { assignments: [], words: [], redirects: [], input: null, next: null }
}
