import { appendFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { nameFault } from './points.ts'
import { Random } from './random.ts'
import { findFaults, nextCommands, runCase } from './run-case.ts'
import { scenarios } from './scenarios.ts'
import { Templates } from './templates.ts'
import { ourProgram } from './world.ts'

const isLong = process.env['FLIGHTRULES_FAULTS'] === 'all'
const seed = Number(process.env['FLIGHTRULES_FAULTS_SEED'] ?? 1)
/** Cases for each command; all of them in a long run. */
const steps = Number(process.env['FLIGHTRULES_FAULTS_STEPS'] ?? (isLong ? Infinity : 3))
/** Only the cases whose name matches: `start/before-git:update-ref#1=kill`. */
const only = new RegExp(process.env['FLIGHTRULES_FAULTS_ONLY'] ?? '')
const report = process.env['FLIGHTRULES_FAULTS_REPORT']

describe.skipIf(process.platform === 'win32')('whatever stops a command, the next ones put everything right', () => {
  const templates = new Templates()
  const numbered = scenarios.map((scenario, index) => [scenario.name, scenario, index] as const)
  // a short run takes some of the commands, the same ones for the same seed
  test.for(isLong ? numbered : new Random(seed).sample(numbered, 7))('%s', { timeout: 0 }, async ([, scenario, index]) => {
    const program = ourProgram()
    const faults = await findFaults(program, templates, scenario)
    const random = new Random(seed + index)
    const cases = random
      .sample(
        faults.map((fault, at) => ({
          scenario,
          fault,
          next: nextCommands[(at + seed) % nextCommands.length] ?? 'status',
          second: 1 + ((at * 7 + seed) % 60),
        })),
        steps,
      )
      .filter((one) => only.test(`${scenario.name}/${nameFault(one.fault)}`))
    const violations: string[] = []
    for (const one of cases) {
      const name = `${scenario.name}/${nameFault(one.fault)} then ${one.next}`
      const started = performance.now()
      const { problems, log } = await runCase(program, templates, one).catch((error: Error) => ({
        problems: [`the harness failed: ${error.message}`],
        log: [],
      }))
      const ms = Math.round(performance.now() - started)
      if (report !== undefined)
        appendFileSync(report, `${JSON.stringify({ name, ms, problems, ...(problems.length === 0 ? {} : { log }) })}\n`)
      violations.push(...problems.map((problem) => `${name}: ${problem}`))
    }
    expect(violations).toEqual([])
  })
})
