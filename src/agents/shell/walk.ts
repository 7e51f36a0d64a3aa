import { isAbsolute, resolve } from 'node:path'
import { expandValue, expandWord } from './expand.ts'
import { findLoopEnd } from './loop.ts'
import { parseScript } from './parse.ts'
import { findAssignment, findInvoked } from './run-words.ts'
import {
  type Dialect,
  findLiteral,
  freshDirectory,
  type Redirect,
  type ScriptStep,
  type ShellCommand,
  type Word,
} from './script.ts'
import { type Found, listFound } from './search.ts'

/** One command as it would be run, with what is known of where and with what. */
export interface Run {
  /** Lower case, without folder and `.exe`; undefined where it is not known. */
  readonly name: string | undefined
  readonly args: readonly Word[]
  /** Further arguments come from somewhere else. */
  readonly more: boolean
  readonly redirects: readonly Redirect[]
  /** Absolute directory it would be run in, null where that is not known. */
  readonly cwd: string | null
  /** Variables set for it, or exported before. */
  readonly env: ReadonlyMap<string, string | null>
  /** What the search is after that it is run for; null for one that is run by itself. */
  readonly found: Found | null
}

interface Frame {
  cwd: string | null
  readonly variables: Map<string, Word | null>
  readonly isThere: WalkInput['isThere']
}

export interface WalkInput {
  readonly script: string
  readonly dialect: Dialect
  readonly cwd: string
  /** What variables are known to be. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** Whether a directory is there now: `cd` into one that is not may fail, or go where another command makes one. */
  readonly isThere: (directory: string) => boolean
}

const shells = new Set(['sh', 'bash', 'zsh', 'dash', 'ksh', 'ash', 'su', 'script', 'powershell', 'pwsh', 'cmd'])
const mostRuns = 2_000

/** Rounds of a loop that are gone through one by one. */
const mostRounds = 20

interface Walk {
  readonly runs: Run[]
  readonly dialect: Dialect
  readonly depth: number
  readonly found: Found | null
}

/** Follows a script from command to command: directories, variables, loops, shells in shells. */
export function listRuns({ script, dialect, cwd, variables, isThere }: WalkInput): Run[] {
  const known = Object.entries(variables).flatMap(([name, text]): [string, Word][] =>
    text === undefined ? [] : [[name, [{ kind: 'text', text }]]],
  )
  const runs: Run[] = []
  follow(parseScript(script, dialect), { cwd, variables: new Map(known), isThere }, { runs, dialect, depth: 0, found: null })
  return runs
}

function follow(steps: readonly ScriptStep[], start: Frame, walk: Walk): void {
  const stack: Frame[] = []
  let frame = start
  for (let at = 0; at < steps.length && walk.runs.length < mostRuns; at += 1) {
    const step = steps[at]
    if (step?.kind === 'open') {
      stack.push(frame)
      frame = apart(frame, 'own')
    } else if (step?.kind === 'close') frame = stack.pop() ?? frame
    else if (step !== undefined) {
      const { name, args } = runCommand(step.command, frame, walk)
      if (name === 'for') at = followLoop(steps, at, args, frame, walk)
      else changeDirectory(name, args, frame)
    }
  }
}

function runCommand(command: ShellCommand, frame: Frame, walk: Walk): Pick<Run, 'name' | 'args'> {
  const { variables, cwd } = frame
  const given = command.assignments.map(({ name, value }) => ({ name, value: expandValue(value, variables) }))
  const { name, args, more, assignments } = findInvoked(command.words.flatMap((word) => expandWord(word, variables)))
  if (command.words.length === 0) for (const { name, value } of given) variables.set(name, value)
  if (name === 'export' || name === 'declare') noteExports(args, frame)
  const env = new Map([...variables].map(([name, value]) => [name, value === null ? null : (findLiteral(value) ?? null)]))
  for (const { name, value } of [...given, ...assignments]) env.set(name, findLiteral(value) ?? null)
  const redirects = command.redirects.map(({ operator, target }) => ({ operator, target: expandValue(target, variables) }))
  walk.runs.push({ name, args, more, redirects, cwd, env, found: walk.found })
  if (walk.depth < 5) {
    for (const { script = '', shell, ...inner } of listInner(name, args, command.input)) {
      const steps = inner.steps ?? parseScript(script, walk.dialect)
      follow(steps, apart(frame, shell), { ...walk, depth: walk.depth + 1, found: inner.found ?? walk.found })
    }
  }
  return { name, args }
}

/** A loop over words that are known, round by round; the number of the step before that which ends it, or opens its shell. */
function followLoop(steps: readonly ScriptStep[], at: number, args: readonly Word[], frame: Frame, walk: Walk): number {
  const [variable, preposition, ...values] = args
  const name = findLiteral(variable ?? []) ?? ''
  const end = findLoopEnd(steps, at)
  const isKnown = findLiteral(preposition ?? []) === 'in' && end !== -1 && values.length <= mostRounds
  frame.variables.set(name, null)
  if (!isKnown) return at
  for (const value of values) {
    frame.variables.set(name, value)
    follow(steps.slice(at + 1, end), frame, walk)
  }
  return steps[end - 1]?.kind === 'open' ? end - 2 : end - 1
}

function apart(frame: Frame, shell: 'own' | 'same'): Frame {
  return shell === 'same' ? frame : { ...frame, variables: new Map(frame.variables) }
}

/** Scripts a command runs: `bash -c '…'`, `eval`, a here-document for a shell, `find -exec`. */
function listInner(
  name: string | undefined,
  args: readonly Word[],
  input: string | null,
): {
  readonly script?: string
  readonly steps?: readonly ScriptStep[]
  readonly shell: 'own' | 'same'
  readonly found?: Found
}[] {
  if (name === undefined) return []
  const texts = args.map(findLiteral)
  if (shells.has(name)) {
    const flag = texts.findIndex((text) => text !== undefined && /^(?:-[a-z]*c(?:ommand)?|\/c)$/i.test(text))
    if (flag !== -1) {
      // the other shell takes all that follows
      const words = /^(?:cmd|powershell|pwsh)$/.test(name) ? texts.slice(flag + 1) : texts.slice(flag + 1, flag + 2)
      return words.length === 0 || words.includes(undefined) ? [] : [{ script: words.join(' '), shell: 'own' }]
    }
    // with a file to run it reads the rest as anything else
    const isReading = texts.includes('-s') || texts.every((text) => text?.startsWith('-') === true)
    return input === null || !isReading ? [] : [{ script: input, shell: 'own' }]
  }
  if (name === 'eval') return texts.includes(undefined) ? [] : [{ script: texts.join(' '), shell: 'same' }]
  return name === 'find' ? listFound(args) : []
}

function noteExports(args: readonly Word[], frame: Frame): void {
  for (const word of args) {
    const assignment = findAssignment(word)
    if (assignment !== undefined) frame.variables.set(assignment.name, assignment.value)
  }
}

function changeDirectory(name: string | undefined, args: readonly Word[], frame: Frame): void {
  if (name === 'popd') frame.cwd = null
  if (name !== 'cd' && name !== 'pushd' && name !== 'set-location' && name !== 'chdir') return
  const [target] = args.filter((word) => !/^-[A-Za-z@]+$/.test(findLiteral(word) ?? ''))
  const place = target ?? frame.variables.get('HOME') ?? []
  const isFresh = place.length === 1 && place[0]?.kind === 'fresh'
  const text = isFresh ? freshDirectory : findLiteral(place)
  if (text === undefined || text === '-') frame.cwd = null
  else if (isAbsolute(text)) frame.cwd = resolve(text)
  else frame.cwd = frame.cwd === null ? null : resolve(frame.cwd, text)
  if (frame.cwd !== null && !isFresh && !frame.isThere(frame.cwd)) frame.cwd = null
}
