import { join } from 'node:path'
import { holdsAttributes } from '../../git/append-attributes.ts'
import { listUnionLines, settleAppendOnly } from '../../sessions/settle-append-only.ts'
import { type Check, ok, warn } from '../check.ts'

/** Whether git knows what the config says of files lines are only added to. */
export const appendOnly: Check = {
  id: 'append-only',
  group: 'config',
  async run(facts) {
    const { commonDir } = facts
    const { loaded } = (await facts.opened()).context
    const lines = listUnionLines(loaded.config)
    const file = join(commonDir, 'info', 'attributes')
    if (loaded.trust === 'unapproved') return ok('what is append-only is as it was approved last')
    if (await holdsAttributes(commonDir, lines))
      return ok(
        lines.length === 0
          ? 'no files are said to be append-only'
          : `git keeps the lines of both sides: ${loaded.config.appendOnly.join(', ')}`,
      )
    return warn(
      `${file} is not what appendOnly in the config says, so git sees conflicts where there need be none, or none where there are`,
      'flightrules doctor --fix',
      {
        step: { kind: 'write-attributes', file, lines, undo: `take the lines out of ${file}` },
        async apply() {
          const [failure] = await settleAppendOnly(commonDir, loaded)
          if (failure !== undefined) throw new Error(failure.message)
          return `${file} says ${lines.length === 0 ? 'nothing of ours any more' : lines.join(', ')}`
        },
      },
    )
  },
}
