import { basename, isAbsolute, join, sep } from 'node:path'
import { resolveExisting } from '../../files/real-path.ts'
import { freshDirectory, joinParts, type Part, type Word } from './script.ts'

/** The paths an argument may stand for: the exact names, and those a `*` or something unknown leaves open. */
export interface PathPattern {
  /** From the root of the file system. A pattern stands for one name. */
  readonly segments: readonly (string | RegExp)[]
  /** Something unknown follows, any number of names deep. */
  readonly open: boolean
}

export type Certainty = 'yes' | 'maybe' | 'no'

const freshPart: Part = { kind: 'text', text: freshDirectory }

/** Everything could be meant. */
export const anywhere: PathPattern = { segments: [], open: true }

/** @param cwd absolute, null where it is not known. */
export async function toPathPattern(written: Word, cwd: string | null): Promise<PathPattern> {
  const word = joinParts(written.map((part, index) => (part.kind === 'fresh' && index === 0 ? freshPart : part)))
  const [first] = word
  if (first === undefined) return anywhere
  const isRooted = first.kind === 'text' && isAbsolute(first.text)
  if (!isRooted && (cwd === null || (first.kind !== 'text' && first.kind !== 'glob'))) return anywhere
  const { segments, open } = splitWord(word)
  const all = isRooted ? segments : [...split(cwd ?? ''), ...segments]
  const names: (string | RegExp)[] = []
  for (const segment of all) {
    if (segment === '' || segment === '.') continue
    // what is around a temporary directory is not known
    if (segment === '..' && names.at(-1) === basename(freshDirectory)) return anywhere
    if (segment === '..') names.pop()
    else names.push(segment)
  }
  return { segments: await makeReal(names), open }
}

/** Whether taking the pattern away takes `path` away: it is that path, or a folder around it. */
export function covers({ segments, open }: PathPattern, path: string): Certainty {
  const names = split(path)
  if (!open && segments.length > names.length) return 'no'
  const isMatch = segments.slice(0, names.length).every((segment, index) => isName(segment, names[index] ?? ''))
  if (!isMatch || (open && segments.length > names.length)) return 'no'
  return open ? 'maybe' : 'yes'
}

/** Whether the pattern is `root` or below it. */
export function isBelow({ segments, open }: PathPattern, root: string): Certainty {
  const names = split(root)
  const isMatch = names.slice(0, segments.length).every((name, index) => isName(segments[index] ?? '', name))
  if (!isMatch) return 'no'
  if (segments.length >= names.length) return 'yes'
  return open ? 'maybe' : 'no'
}

/** The folder all of whose content but what is hidden is meant: of `x/*`, `x`. */
export function findEmptied({ segments, open }: PathPattern): PathPattern | undefined {
  const last = segments.at(-1)
  return !open && last instanceof RegExp && last.source === everyName.source
    ? { segments: segments.slice(0, -1), open }
    : undefined
}

const everyName = toName('[^/]*')

function toName(pattern: string): RegExp {
  return new RegExp(`^(?!\\.)${pattern}$`, 's')
}

function isName(segment: string | RegExp, name: string): boolean {
  return typeof segment === 'string' ? segment === name : segment.test(name)
}

function splitWord(word: Word): { segments: (string | RegExp)[]; open: boolean } {
  const segments: (string | RegExp)[] = []
  let name = ''
  let pattern: string | null = null
  const close = (): void => {
    segments.push(pattern === null ? name : toName(pattern))
    name = ''
    pattern = null
  }
  for (const part of word) {
    // what it is may have slashes in it, and what comes after it is below that
    if (part.kind !== 'text' && part.kind !== 'glob') return { segments, open: true }
    if (part.kind === 'glob') pattern = `${pattern ?? escapePattern(name)}${globSource(part.text)}`
    else {
      const [begin = '', ...rest] = part.text.split(/[/\\]/.test(part.text) && sep === '\\' ? /[/\\]/ : '/')
      const add = (text: string): void => {
        name += text
        if (pattern !== null) pattern += escapePattern(text)
      }
      add(begin)
      for (const next of rest) {
        close()
        add(next)
      }
    }
  }
  close()
  return { segments, open: false }
}

function globSource(glob: string): string {
  if (glob === '*') return '[^/]*'
  if (glob === '?') return '[^/]'
  const inside = glob
    .slice(1, -1)
    .replace(/^!/, '^')
    .replaceAll(/[\\\]]/g, String.raw`\$&`)
  try {
    return new RegExp(`[${inside}]`).source
  } catch {
    return '[^/]'
  }
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

function split(path: string): string[] {
  return path.split(sep).filter((name) => name !== '')
}

/** As git names it: the folders around the last name where links lead, the last name itself. */
async function makeReal(names: readonly (string | RegExp)[]): Promise<(string | RegExp)[]> {
  const exact = names.findIndex((name) => typeof name !== 'string')
  const literal = names.slice(0, exact === -1 ? Math.max(0, names.length - 1) : exact) as string[]
  if (literal.length === 0) return [...names]
  const root = sep === '\\' ? '' : sep
  const real = await resolveExisting(`${root}${join(...literal)}`)
  return [...split(real), ...names.slice(literal.length)]
}
