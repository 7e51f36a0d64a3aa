import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { findFaults, nextCommands, runCase } from './run-case.ts'
import { scenarios } from './scenarios.ts'
import { Templates } from './templates.ts'
import type { Program } from './world.ts'

const naive: Program = {
  name: 'naive',
  argv: [process.execPath, fileURLToPath(new URL('naive/naive.mjs', import.meta.url))],
}

describe.skipIf(process.platform === 'win32')('a program as people write it in an afternoon', () => {
  const templates = new Templates()

  test('is caught starting and merging: each oracle sees what is its own', { timeout: 0 }, async () => {
    const seen = new Map<string, string>()
    for (const name of ['start', 'end, merge, base in main']) {
      const scenario = scenarios.find((one) => one.name === name)
      if (scenario === undefined) throw new Error(`no scenario ${name}`)
      const faults = (await findFaults(naive, templates, scenario)).filter(
        ({ by, kind }) => by === 'failpoint' && kind === 'kill',
      )
      expect(faults.length).toBeGreaterThan(3)
      const harmless = { point: 'nowhere#1', kind: 'kill', by: 'failpoint' } as const
      expect(
        (await runCase(naive, templates, { scenario, fault: harmless, next: 'status' })).problems.filter(
          (problem) => !/again ended|^T:/.test(problem),
        ),
      ).toEqual([])
      for (const [at, fault] of faults.entries()) {
        const next = nextCommands[at % nextCommands.length] ?? 'status'
        const { problems } = await runCase(naive, templates, { scenario, fault, next })
        for (const problem of problems) seen.set(problem.slice(0, 1), `${name}/${fault.point}: ${problem}`)
      }
    }
    expect([...seen.keys()]).toEqual(expect.arrayContaining(['G', 'M', 'X']))
  })

  test('is caught losing work by what it calls done', { timeout: 0 }, async () => {
    const scenario = scenarios.find(({ name }) => name === 'end, abandon dirty')
    if (scenario === undefined) throw new Error('no such scenario')
    const fault = { point: 'nowhere#1', kind: 'kill', by: 'failpoint' } as const
    const { problems } = await runCase(naive, templates, { scenario, fault, next: 'status' })
    expect(problems.filter((problem) => problem.startsWith('T:')).length).toBeGreaterThan(2)
  })
})
