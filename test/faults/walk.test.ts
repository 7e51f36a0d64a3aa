import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findBrokenGit, findLostWork, findUnapproved, findUntruth } from './oracles.ts'
import { Random } from './random.ts'
import { runProgramAlone } from './run-program.ts'
import { Templates } from './templates.ts'
import { Tokens } from './tokens.ts'
import { lookAt } from './view.ts'
import { walk } from './walk/steps.ts'
import type { Walker } from './walk/walker.ts'
import { ourProgram, type World } from './world.ts'

const isLong = process.env['FLIGHTRULES_FAULTS'] === 'all'
const seed = Number(process.env['FLIGHTRULES_FAULTS_SEED'] ?? 1)
const steps = Number(process.env['FLIGHTRULES_FAULTS_STEPS'] ?? (isLong ? 60 : 15))
const runs = Number(process.env['FLIGHTRULES_FAULTS_RUNS'] ?? (isLong ? 20 : 1))

/** Every point a start and an end reach; those of other commands have the same names. */
async function tracePoints(world: World): Promise<string[]> {
  const trace = join(world.scratch, 'run', 'trace')
  await rm(trace, { force: true })
  const env = { ...world.project.env, FLIGHTRULES_FAILPOINT_TRACE: trace }
  const options = { cwd: world.project.path, env, scratch: join(world.scratch, 'run') }
  for (const args of [
    ['start', 'traced'],
    ['end', 'done', '--strategy', 'merge'],
    ['end', 'busy', '--strategy', 'abandon'],
  ]) {
    await runProgramAlone([...ourProgram().argv, ...args, '--json'], options)
  }
  const lines = (await readFile(trace, 'utf8')).split('\n')
  return [...new Set(lines)].filter(
    (line) => line !== '' && !/^(?:before-git|after-git):(?:rev-parse|for-each-ref|status|version)/.test(line),
  )
}

async function findKnownCommands(world: World): Promise<ReadonlySet<string>> {
  const options = { cwd: world.project.path, env: world.project.env, scratch: join(world.scratch, 'run') }
  const { stdout } = await runProgramAlone([...ourProgram().argv, '--help'], options)
  return new Set([...stdout.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name = '']) => name))
}

async function run(walkers: number, length: number, from: number): Promise<{ problems: string[]; log: string[] }> {
  const templates = new Templates()
  const points = await tracePoints(await templates.put('usual'))
  const world = await templates.put('usual')
  const known = await findKnownCommands(world)
  const log: string[] = []
  const problems: string[] = []
  const all = Array.from({ length: walkers }, (_, index): Walker => {
    const name = `w${index + 1}`
    const random = new Random(from * 1000 + index)
    return { world, program: ourProgram(), random, tokens: new Tokens(name), name, places: [], points, log, problems, count: 0 }
  })
  await Promise.all(
    all.map(async (walker) => {
      for (let step = 0; step < length; step += 1) await walk(walker, known)
    }),
  )
  const options = { cwd: world.project.path, env: world.project.env, scratch: join(world.scratch, 'run') }
  for (const args of [['status'], ['start', 'last', '--proceed'], ['status']]) {
    const ended = await runProgramAlone([...ourProgram().argv, ...args, '--json'], options)
    log.push(`${args.join(' ')} -> ${ended.status}: ${ended.stdout}${ended.stderr}`)
    if (ended.status !== 0) problems.push(`X: in the end ${args[0]} ends with ${ended.status}`)
  }
  const view = await lookAt(world)
  await runProgramAlone([...ourProgram().argv, 'status', '--json'], options)
  if ((await lookAt(world)).state !== view.state) problems.push('M: a second status changed something')
  problems.push(...(await findUntruth(world, view, 'some are missing')))
  problems.push(...view.leftovers.map((file) => `G: ${file} was left behind`))
  problems.push(...(await findUnapproved(world)), ...(await findBrokenGit(world)))
  problems.push(...(await findLostWork(world, [...world.tokens, ...all.flatMap(({ tokens }) => tokens.live)])))
  return { problems, log }
}

describe.skipIf(process.platform === 'win32')('nobody loses work, whatever people, agents and failures do', () => {
  test.for([
    ['one after the other', 1, steps],
    ['five at once', 5, Math.ceil(steps / 3)],
  ] as const)('%s', { timeout: 0 }, async ([, walkers, length]) => {
    for (let round = 0; round < runs; round += 1) {
      const { problems, log } = await run(walkers, length, seed + round)
      expect(problems, `seed ${seed + round}\n${log.join('\n')}`).toEqual([])
    }
  })
})
