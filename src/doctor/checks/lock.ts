import { inspectLock } from '../../operations/abandoned-lock.ts'
import { describeHolder } from '../../operations/lock-files.ts'
import { readOwnIdentity } from '../../operations/process-identity.ts'
import { type Check, ok, warn } from '../check.ts'

/** Milliseconds an operation may hold the lock; what is slow runs without it. */
const usual = 60_000

/** Who holds the repository's lock, since when, and whether he is still there. */
export const lock: Check = {
  id: 'lock',
  group: 'operations',
  async run(facts) {
    const { liveness, holder } = await inspectLock(facts.commonDir, await readOwnIdentity())
    if (liveness === null) return ok('nobody holds the lock of this repository')
    const held = `the lock of this repository is held ${describeHolder(holder ?? undefined)}`
    if (liveness === 'dead') return ok(`${held}; it is dead, and the next command takes it over`)
    if (liveness === 'unknown') return warn(`${held}; whether it is still there cannot be seen from here`, 'flightrules unlock')
    const age = holder === null ? 0 : facts.now().getTime() - Date.parse(holder.since)
    return age > usual ? warn(`${held}: every other command waits for it`, `look at it: ps -p ${holder?.pid}`) : ok(held)
  },
}
