import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyPlan, type StepHandlers } from '../../src/operations/apply-plan.ts'
import type { Plan } from '../../src/operations/plan.ts'

interface Log {
  readonly applied: string[]
  readonly undone: string[]
}

const kinds = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 8 })

/** A plan of such steps, the number of the one that fails (none: -1), the commit point, and the steps whose undo fails. */
const scenario = kinds.chain((steps) =>
  fc.record({
    steps: fc.constant(steps),
    failing: fc.integer({ min: -1, max: steps.length - 1 }),
    commit: fc.integer({ min: 0, max: steps.length - 1 }),
    stubborn: fc.subarray(steps),
  }),
)

function makePlan(steps: readonly string[]): Plan {
  return {
    version: 1,
    command: 'test',
    steps: steps.map((kind) => ({ kind, undo: `take ${kind} back` })),
    choices: [],
    findings: [],
  }
}

function makeHandlers(steps: readonly string[], failing: number, stubborn: readonly string[]): StepHandlers<Log> {
  const handlers = steps.map((kind, index) => [
    kind,
    {
      async apply(_step: unknown, log: Log) {
        log.applied.push(kind)
        if (index === failing) throw new Error(`${kind} failed`)
      },
      async undo(_step: unknown, log: Log) {
        log.undone.push(kind)
        if (stubborn.includes(kind)) throw new Error(`${kind} stays`)
      },
    },
  ])
  return Object.fromEntries(handlers) as StepHandlers<Log>
}

test('a failure up to the commit point takes back each begun step once, last first; a later one takes back nothing', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ steps, failing, commit, stubborn }) => {
      const log: Log = { applied: [], undone: [] }
      const applied = applyPlan(makePlan(steps), makeHandlers(steps, failing, stubborn), log, steps[commit] ?? '')
      const error: unknown = await applied.then(
        () => undefined,
        (reason: unknown) => reason,
      )
      const begun = failing === -1 ? steps : steps.slice(0, failing + 1)
      expect(log.applied).toEqual(begun)
      const isTakenBack = failing !== -1 && failing <= commit
      expect(log.undone).toEqual(isTakenBack ? begun.toReversed() : [])
      if (failing === -1) {
        expect(error).toBeUndefined()
        return
      }
      const left = isTakenBack ? begun.filter((kind) => stubborn.includes(kind)) : []
      expect(error).toMatchObject(
        left.length === 0
          ? { message: `${steps[failing]} failed` }
          : { code: 'UNDO_FAILED', cause: { message: `${steps[failing]} failed` } },
      )
      for (const kind of left) expect((error as Error).message).toContain(`take ${kind} back`)
    }),
  )
})

test('a step nobody can carry out stops the plan before it, like one that fails', async () => {
  await fc.assert(
    fc.asyncProperty(kinds, async (steps) => {
      const log: Log = { applied: [], undone: [] }
      const handlers = makeHandlers(steps, -1, [])
      await expect(applyPlan(makePlan([...steps, 'unknown']), handlers, log, 'unknown')).rejects.toThrow(
        'no handler for a step of kind unknown',
      )
      expect(log.undone).toEqual(steps.toReversed())
    }),
  )
})
