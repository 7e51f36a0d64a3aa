import { randomBytes } from 'node:crypto'
import { stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadTrash } from '../../operations/trash/item.ts'
import { type Check, ok, warn } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Milliseconds two clocks may differ without anybody noticing. */
const tolerance = 60_000

export const clock: Check = {
  id: 'clock',
  group: 'disk',
  async run(facts) {
    const skew = await measureSkew(facts.commonDir)
    if (Math.abs(skew) > tolerance) {
      const seconds = Math.round(Math.abs(skew) / 1000)
      return warn(
        `the clock of the disk the repository is on is ${seconds} seconds ${skew > 0 ? 'ahead' : 'behind'}`,
        'set both clocks by the network',
      )
    }
    const late = await findLatest(facts)
    if (late === undefined) return ok('the clock agrees with the disk and with what was written before')
    return warn(
      `${late.what} is from ${late.at}, which is still to come: the clock was ahead then, or is behind now; nothing in the trash expires until it is right`,
      'set the clock by the network',
    )
  },
}

/** What the disk makes of now, in milliseconds. */
async function measureSkew(commonDir: string): Promise<number> {
  const file = join(commonDir, `.flightrules-clock.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  const before = Date.now()
  await writeFile(file, '', { flag: 'wx' })
  try {
    return (await stat(file)).mtimeMs - before
  } finally {
    await unlink(file).catch(() => {})
  }
}

async function findLatest(facts: Facts): Promise<{ what: string; at: string } | undefined> {
  const [linked, trash] = await Promise.all([facts.linked(), loadTrash(facts.commonDir)])
  const times = [
    ...linked.flatMap(({ record }) =>
      record.state === 'valid' ? [{ what: `the record of session ${record.session.id}`, at: record.session.startedAt }] : [],
    ),
    ...trash.map(({ trash: name, at }) => ({ what: `trash entry ${name}`, at })),
  ]
  const limit = facts.now().getTime() + tolerance
  return times.find(({ at }) => Date.parse(at) > limit)
}
