import * as z from 'zod'
import { type Taken, leaveRun, portsInARow, toCommands } from './taken.ts'

/** https://docs.conductor.build/core/scripts */
export const conductorShape = z.looseObject({
  scripts: z.looseObject({ setup: z.string().optional(), run: z.string().optional(), archive: z.string().optional() }).optional(),
})

export function takeConductor({ scripts = {} }: z.infer<typeof conductorShape>): Taken {
  return {
    setup: toCommands(scripts.setup),
    teardown: toCommands(scripts.archive),
    // https://docs.conductor.build/tips/conductor-env: the first of ten
    ports: { CONDUCTOR_PORT: portsInARow(10) },
    left: leaveRun(scripts.run === undefined ? [] : [scripts.run]),
  }
}
