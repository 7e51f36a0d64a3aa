import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { PortRequest } from '../../src/config/types.ts'
import { allocatePorts } from '../../src/setup/allocate-ports.ts'

const base = fc.integer({ min: 3000, max: 3012 })
const request: fc.Arbitrary<PortRequest> = fc.oneof(
  base,
  fc.tuple(base, fc.integer({ min: 0, max: 12 })).map(([from, more]) => ({ from, to: from + more })),
)
const few = fc.uniqueArray(fc.integer({ min: 3000, max: 3024 }), { maxLength: 12 })

test("no two names share a port, none is taken, listened on, or the main worktree's", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(fc.stringMatching(/^[A-Z]{1,2}$/), request, { maxKeys: 6 }),
      few,
      few,
      fc.dictionary(fc.stringMatching(/^[A-Z]$/), base),
      async (requests, taken, busy, keep) => {
        const input = { requests, taken: new Set(taken), keep, isFree: async (port: number) => !busy.includes(port) }
        const ports = await allocatePorts(input).catch((error: { code?: string }) => {
          if (error.code === 'NO_FREE_PORT') return undefined
          throw error
        })
        if (ports === undefined) return
        expect(Object.keys(ports)).toEqual(Object.keys(requests))
        expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length)
        const mains = Object.values(requests).filter((value) => typeof value === 'number')
        for (const [name, port] of Object.entries(ports)) {
          expect(taken).not.toContain(port)
          if (keep[name] === port) continue
          expect([...busy, ...mains]).not.toContain(port)
        }
        expect(await allocatePorts({ ...input, keep: ports })).toEqual(ports)
      },
    ),
  )
})
