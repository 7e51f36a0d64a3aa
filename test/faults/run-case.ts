import { chmod, copyFile, mkdir, readFile, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { JsonAnswer } from '../support/run-cli.ts'
import { findBrokenGit, findDebris, findLostWork, findUnapproved, findUntruth, fingerprintMain } from './oracles.ts'
import { type Fault, listFaults } from './points.ts'
import { type Ended, runProgramAlone } from './run-program.ts'
import type { Scenario } from './scenarios.ts'
import type { Templates } from './templates.ts'
import { Tokens } from './tokens.ts'
import { isThere, lookAt, type View } from './view.ts'
import type { Program, World } from './world.ts'

/** What is run after the fault and before the same command again. */
export const nextCommands = ['status', 'status in a session', 'start another', 'the same', 'status, killed too'] as const

export type NextCommand = (typeof nextCommands)[number]

export interface Case {
  readonly scenario: Scenario
  readonly fault: Fault
  readonly next: NextCommand
  /** Where the next command is killed in its turn, as the number of the point. */
  readonly second?: number
}

export interface Verdict {
  readonly problems: readonly string[]
  /** What was run and how it ended. */
  readonly log: readonly string[]
  /** The run came to the point of the fault. */
  readonly wasReached: boolean
}

/** Runs a scenario without a fault and gives those that can be made in it. */
export async function findFaults(program: Program, templates: Templates, scenario: Scenario): Promise<Fault[]> {
  const { world } = await prepare(templates, scenario)
  const trace = join(world.scratch, 'run', 'trace')
  await rm(trace, { force: true })
  await armHook(world)
  const ended = await runScenario(program, world, scenario, {
    ...(await gitApparatus(world, true)),
    FLIGHTRULES_FAILPOINT_TRACE: trace,
    FAULT_TRACE: trace,
  })
  if (!(scenario.statuses ?? [0]).includes(ended.status ?? -1)) {
    throw new Error(`${scenario.name} fails without any fault (${ended.status}): ${ended.stdout}${ended.stderr}`)
  }
  const faults = listFaults(await readFile(trace, 'utf8'))
  // what happens to a git that a person runs is not for us to put right
  return scenario.kind === 'git' ? faults.filter(({ by }) => by === 'failpoint') : faults
}

/** One fault, whatever comes next, the same command again; then everything must be as if nothing had happened. */
export async function runCase(program: Program, templates: Templates, one: Case): Promise<Verdict> {
  const { scenario, fault, next, second = 1 } = one
  const { world, tokens, before } = await prepare(templates, scenario)
  const main = await fingerprintMain(world)
  const log: string[] = []
  const problems: string[] = []
  const note = (what: string, ended: Ended): void => {
    log.push(`${what}: ${ended.status ?? ended.signal}, ${ended.ms} ms\n${ended.stdout}${ended.stderr}`)
    if (ended.hung) problems.push(`X: ${what} did not end`)
  }

  if (fault.by === 'refs') await armHook(world)
  const struck = await runScenario(underStrace(program, world, fault), world, scenario, await armingOf(world, fault))
  note('with the fault', struck)
  problems.push(...judgeAnswer(scenario, struck))
  await rm(hookFile(world), { force: true })

  const middle = await lookAt(world).catch(() => undefined)
  if (typeof middle?.manifest === 'string') problems.push(`M: right after the fault: ${middle.manifest}`)
  const after = await runNext(program, world, scenario, next, second)
  note(next, after)
  const isKilled = next === 'status, killed too' && after.signal === 'SIGKILL'
  if (next !== 'the same' && after.status !== 0 && !isKilled)
    problems.push(`X: ${next} ended with ${after.status ?? after.signal}`)
  const again = await runScenario(program, world, scenario, {})
  note('again', again)
  problems.push(...judgeRepetition(scenario, again))
  const status = await runProgramAlone([...program.argv, 'status', '--json'], optionsOf(world))
  note('status', status)
  if (status.status !== 0) problems.push(`X: status ended with ${status.status}`)

  const view = await lookAt(world)
  const last = await runProgramAlone([...program.argv, 'status', '--json'], optionsOf(world))
  note('status again', last)
  if ((await lookAt(world)).state !== view.state) problems.push('M: a second status changed something')
  problems.push(...(await findUntruth(world, view)), ...findDebris(view, before))
  problems.push(...((await scenario.check?.(world, view, before, log.join('\n'))) ?? []))
  if ((scenario.main ?? 'same') === 'same' && (await fingerprintMain(world)) !== main) {
    problems.push('G: the main worktree was touched')
  }
  problems.push(...(await findUnapproved(world)), ...(await findBrokenGit(world)), ...(await findLostWork(world, tokens)))
  const wasReached = fault.by !== 'strace' || (await readFile(straceFile(world), 'utf8')).includes('killed by SIGKILL')
  return { problems, log, wasReached }
}

async function prepare(
  templates: Templates,
  scenario: Scenario,
): Promise<{ world: World; tokens: readonly string[]; before: View }> {
  const world = await templates.put(scenario.template)
  await rm(join(world.scratch, 'run'), { recursive: true, force: true })
  await mkdir(join(world.scratch, 'run'))
  const own = new Tokens('own')
  await scenario.prepare?.(world, own)
  return { world, tokens: [...world.tokens, ...own.live], before: await lookAt(world) }
}

function optionsOf(world: World, env: Readonly<Record<string, string>> = {}): Parameters<typeof runProgramAlone>[1] {
  return { cwd: world.project.path, env: { ...world.project.env, ...env }, scratch: join(world.scratch, 'run') }
}

function runScenario(
  program: Program,
  world: World,
  { kind, args, env = {} }: Scenario,
  arming: Readonly<Record<string, string>>,
): Promise<Ended> {
  const argv = kind === 'git' ? ['git', ...args] : [...program.argv, ...args, '--json']
  return runProgramAlone(argv, optionsOf(world, { ...env, ...arming }))
}

async function runNext(program: Program, world: World, scenario: Scenario, next: NextCommand, second: number): Promise<Ended> {
  if (next === 'the same') return runScenario(program, world, scenario, {})
  const options = optionsOf(world)
  if (next === 'start another') {
    return runProgramAlone([...program.argv, 'start', 'another', '--proceed', '--no-setup', '--json'], options)
  }
  if (next === 'status, killed too') {
    const env = { ...options.env, FLIGHTRULES_FAILPOINT: `any#${second}=kill` }
    return runProgramAlone([...program.argv, 'status', '--json'], { ...options, env })
  }
  const session = world.project.session('busy')
  const cwd = next === 'status in a session' && (await isThere(session)) ? session : options.cwd
  return runProgramAlone([...program.argv, 'status', '--json'], { ...options, cwd })
}

/** Each process of ours and of git gets the signal at its n-th call of that kind: `rename#3=KILL`. Linux only. */
function underStrace(program: Program, world: World, { by, point, kind }: Fault): Program {
  if (by !== 'strace') return program
  const [call = '', when = ''] = point.split('#')
  const file = straceFile(world)
  const options = ['-f', '-q', '-o', file, '-e', `trace=${call}`, '-e', `inject=${call}:signal=${kind}:when=${when}`]
  return { ...program, argv: ['strace', ...options, ...program.argv] }
}

function straceFile(world: World): string {
  return join(world.scratch, 'run', 'strace')
}

async function armingOf(world: World, fault: Fault): Promise<Record<string, string>> {
  const name = `${fault.point}=${fault.kind}`
  if (fault.by === 'failpoint') return { FLIGHTRULES_FAILPOINT: name }
  if (fault.by === 'strace') return {}
  return { ...(await gitApparatus(world, fault.by === 'git')), FAULT: name }
}

async function gitApparatus(world: World, wrapper: boolean): Promise<Record<string, string>> {
  const directory = join(world.scratch, 'run', 'counts')
  await mkdir(directory, { recursive: true })
  const path = world.project.env['PATH'] ?? ''
  return { FAULT_DIR: directory, ...(wrapper ? { PATH: `${world.apparatus.bin}${delimiter}${path}`, FAULT_PATH: path } : {}) }
}

function hookFile({ project }: World): string {
  return join(project.path, '.git/hooks/reference-transaction')
}

async function armHook(world: World): Promise<void> {
  await copyFile(world.apparatus.transaction, hookFile(world))
  await chmod(hookFile(world), 0o755)
}

/** X: whoever was not killed ends as the contract says, with one document that agrees with the status. */
function judgeAnswer(scenario: Scenario, { status, stdout }: Ended): string[] {
  if (scenario.kind === 'git' || status === null) return []
  if (![0, 1, 2, 3, 4, 5, 6, 130, 143].includes(status)) return [`X: exit status ${status}`]
  try {
    const answer = JSON.parse(stdout) as JsonAnswer
    if (answer.ok === true && status === 0) return []
    if (answer.ok === false && status !== 0 && answer.error.code !== '' && answer.error.message !== '') return []
    // a session whose setup failed is there all the same, and the answer says so
    if (answer.data !== undefined && status === 1) return []
    return [`X: status ${status} with ${stdout}`]
  } catch {
    return [`X: no single JSON document: ${stdout}`]
  }
}

function judgeRepetition(scenario: Scenario, { status, stdout }: Ended): string[] {
  if ((scenario.statuses ?? [0]).includes(status ?? -1)) return []
  const code = scenario.kind === 'git' ? undefined : /"error":\{"code":"([A-Z_]+)"/.exec(stdout)?.[1]
  if (code !== undefined && scenario.already?.includes(code) === true) return []
  return [`X: the same command again ended with ${status}: ${code ?? stdout}`]
}
