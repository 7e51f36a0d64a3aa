import { appendFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findOnPath } from '../support/find-on-path.ts'
import { nextCommands, runCase } from './run-case.ts'
import { scenarios } from './scenarios.ts'
import { Templates } from './templates.ts'
import { ourProgram } from './world.ts'

const isLong = process.env['FLIGHTRULES_FAULTS'] === 'all'
const report = process.env['FLIGHTRULES_FAULTS_REPORT']
const stride = Number(process.env['FLIGHTRULES_FAULTS_STRIDE'] ?? 1)

/** Calls that change what others see, with how often one process makes them at most before it is not worth more. */
const calls = [
  'rename',
  'renameat2',
  'unlink',
  'unlinkat',
  'link',
  'mkdir',
  'rmdir',
  'symlink',
  'fsync',
  'pwrite64',
  'ftruncate',
  'fchmod',
  'write',
]

describe.skipIf(!isLong || process.platform !== 'linux' || findOnPath('strace') === undefined)(
  'killed at any system call that changes something, in our process or in git',
  () => {
    const templates = new Templates()
    test.for(['start', 'end, abandon dirty', 'end, merge, base in main'])('%s', { timeout: 0 }, async (name) => {
      const scenario = scenarios.find((one) => one.name === name)
      if (scenario === undefined) throw new Error(`no scenario ${name}`)
      const violations: string[] = []
      let cases = 0
      for (const call of calls) {
        for (let when = 1; when < 200; when += stride) {
          const next = nextCommands[cases % nextCommands.length] ?? 'status'
          const fault = { point: `${call}#${when}`, kind: 'KILL', by: 'strace' } as const
          const { problems, log, wasReached } = await runCase(ourProgram(), templates, { scenario, fault, next })
          if (report !== undefined) {
            appendFileSync(
              report,
              `${JSON.stringify({ name: `${name}/${fault.point} then ${next}`, problems, ...(problems.length === 0 ? {} : { log }) })}\n`,
            )
          }
          violations.push(...problems.map((problem) => `${name}/${fault.point} then ${next}: ${problem}`))
          cases += 1
          if (!wasReached) break
        }
      }
      console.log(`${name}: ${cases} kills`)
      expect(violations).toEqual([])
    })
  },
)
