import { findLiteral, joinParts, type Word } from './script.ts'

/** Words that stand before a command without being one. */
const keywords = new Set(['if', 'then', 'else', 'elif', 'do', 'while', 'until', '!', '{', 'coproc', 'fi', 'done', 'esac', '&'])

/** Programs that start the one that follows, and those of their options that take a word. */
const wrappers: Readonly<Record<string, string>> = {
  sudo: 'ughpCDRrTt',
  time: 'fo',
  doas: 'uC',
  command: '',
  builtin: '',
  exec: 'a',
  nohup: '',
  nice: 'n',
  ionice: 'cnp',
  env: 'uC',
  stdbuf: 'ioe',
  timeout: 'sk',
  setsid: '',
  chronic: '',
  busybox: '',
  noglob: '',
  xargs: 'aEeILlnPds',
}

/** Programs in front of each other that are looked behind; nobody types more. */
const deepest = 50

export interface Invoked {
  /** Lower case, without folder and `.exe`; undefined where it is not known. */
  readonly name: string | undefined
  readonly args: readonly Word[]
  /** Further words come from somewhere else: `xargs`. */
  readonly more: boolean
  /** `NAME=value` given to `env`. */
  readonly assignments: readonly { readonly name: string; readonly value: Word }[]
}

/** What is run in the end, behind `sudo`, `env`, `xargs` and their like. */
export function findInvoked(words: readonly Word[]): Invoked {
  let rest = words
  let more = false
  const assignments: { name: string; value: Word }[] = []
  for (let level = 0; ; level += 1) {
    const name = nameOf(rest[0])
    if (level === deepest) return { name: undefined, args: [], more, assignments }
    if (name === 'function') rest = rest.slice(2)
    else if (name !== undefined && keywords.has(name)) rest = rest.slice(1)
    else if (name !== undefined && Object.hasOwn(wrappers, name)) {
      more ||= name === 'xargs'
      rest = skipOptions(name === 'env' ? splitString(rest.slice(1)) : rest.slice(1), wrappers[name] ?? '')
      if (name === 'timeout') rest = rest.slice(1)
      if (name === 'env') {
        const given = rest.findIndex((word) => findAssignment(word) === undefined)
        const count = given === -1 ? rest.length : given
        assignments.push(...rest.slice(0, count).flatMap((word) => findAssignment(word) ?? []))
        rest = rest.slice(count)
      }
    } else return { name, args: rest.slice(1), more, assignments }
  }
}

/** `env -S 'A=1 program x'`: one word that holds several. */
function splitString(words: readonly Word[]): readonly Word[] {
  for (const [index, word] of words.entries()) {
    const text = findLiteral(word) ?? ''
    const inside = /^-S$|^--split-string$/.test(text)
      ? findLiteral(words[index + 1] ?? [])
      : /^(?:-S|--split-string=)(.+)$/s.exec(text)?.[1]
    if (inside !== undefined) {
      const pieces = inside.split(/\s+/).filter((piece) => piece !== '')
      const behind = words.slice(index + (text === '-S' || text === '--split-string' ? 2 : 1))
      return [...words.slice(0, index), ...pieces.map((piece): Word => [{ kind: 'text', text: piece }]), ...behind]
    }
    if (!text.startsWith('-') && findAssignment(word) === undefined) break
  }
  return words
}

function nameOf(word: Word | undefined): string | undefined {
  const text = word === undefined ? undefined : findLiteral(word)
  return text
    ?.replace(/^.*[/\\]/, '')
    .replace(/\.exe$/i, '')
    .toLowerCase()
}

function skipOptions(words: readonly Word[], takesWord: string): readonly Word[] {
  let index = 0
  for (; index < words.length; index += 1) {
    const text = findLiteral(words[index] ?? []) ?? ''
    if (text === '--') return words.slice(index + 1)
    if (!text.startsWith('-') || text === '-') break
    // `-u root`, but not `-uroot`
    if (/^-\w$/.test(text) && takesWord.includes(text[1] ?? '')) index += 1
  }
  return words.slice(index)
}

/** `NAME=value`. */
export function findAssignment(word: Word | undefined): { name: string; value: Word } | undefined {
  const [first, ...others] = word ?? []
  const found = first?.kind === 'text' ? /^([A-Za-z_]\w*)=(.*)$/s.exec(first.text) : null
  if (found === null) return undefined
  return { name: found[1] ?? '', value: joinParts([{ kind: 'text', text: found[2] ?? '' }, ...others]).filter(hasContent) }
}

function hasContent(part: Word[number]): boolean {
  return part.kind !== 'text' || part.text !== ''
}
