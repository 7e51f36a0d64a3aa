import type { SessionMode } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { modeChoices, modeQuestion } from '../sessions/mode-question.ts'
import type { DirtyMainDecision, StartInput } from '../sessions/start-input.ts'
import type { Invocation } from './command.ts'

/** What the flags say, else the config. `ask` without a terminal, or with --yes, is what this program is for: parallel. */
export function chooseMode({ options, interactive, yes }: Invocation, configured: SessionMode): 'parallel' | 'standard' {
  if (options['parallel'] === true && options['standard'] === true) throw exclusive('--parallel', '--standard')
  if (options['standard'] === true && typeof options['pr'] === 'number') throw exclusive('--pr', '--standard')
  if (options['standard'] === true) return 'standard'
  // a request is checked out in a worktree of its own, or not at all
  if (options['parallel'] === true || typeof options['pr'] === 'number') return 'parallel'
  if (configured !== 'ask') return configured
  if (!interactive || yes) return 'parallel'
  throw new FlightRulesError({
    kind: 'decision',
    code: 'MODE_NEEDED',
    message: modeQuestion,
    hint: 'run the command again with:',
    choices: modeChoices,
  })
}

/** @throws FlightRulesError USAGE for flags that exclude each other. */
export function readStartInput(invocation: Invocation): StartInput {
  const { options } = invocation
  return {
    name: readName(invocation),
    goals: readGoals(invocation),
    base: typeof options['base'] === 'string' ? options['base'] : undefined,
    fromHere: options['fromHere'] === true,
    issue: readIssue(invocation),
    touch: readTouch(invocation),
    dirtyMain: readDirtyMain(invocation),
    reuseBranch: options['reuseBranch'] === true,
    setup: options['setup'] === false ? 'skip' : 'run',
  }
}

function readDirtyMain({ options, yes, answered }: Invocation): DirtyMainDecision {
  // whoever was told that the first choice cannot be, and then chose this, means this
  if (answered === true && options['proceed'] === true) return { kind: 'proceed' }
  const given: DirtyMainDecision[] = []
  if (typeof options['commit'] === 'string') given.push({ kind: 'commit', message: options['commit'] })
  for (const kind of ['stash', 'carry', 'proceed'] as const) if (options[kind] === true) given.push({ kind })
  const [first, second] = given
  if (first !== undefined && second !== undefined) throw exclusive(`--${first.kind}`, `--${second.kind}`)
  // the safe default: nothing of the person's is touched
  return first ?? (yes ? { kind: 'proceed' } : { kind: 'refuse' })
}

export function readName(invocation: Invocation): string | undefined {
  const [name] = invocation.arguments
  return typeof name === 'string' ? name : undefined
}

export function readGoals({ options }: Invocation): string[] {
  const goals = options['goal']
  return Array.isArray(goals) ? goals.map(String) : []
}

export function readTouch({ options }: Invocation): string[] {
  const touch = options['touch']
  return Array.isArray(touch) ? touch.map(String) : []
}

export function readIssue({ options }: Invocation): number | null {
  return typeof options['issue'] === 'number' ? options['issue'] : null
}

/** @throws FlightRulesError USAGE naming the first of these flags that is given beside `flag`. */
export function refuseBeside(
  { options }: Invocation,
  names: readonly string[],
  refuse: (flag: string) => FlightRulesError,
): void {
  const misplaced = names.find((name) => options[name] !== undefined && options[name] !== false)
  if (misplaced !== undefined) throw refuse(`--${misplaced.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
}

export function exclusive(one: string, other: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `${one} and ${other} exclude each other`,
    hint: 'flightrules start --help',
  })
}
