import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasFields, isNumber, isText, orNull } from '../../files/shape.ts'
import { type ProcessIdentity, probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { formatDuration } from '../../ui/duration.ts'
import { type Check, ok, warn } from '../check.ts'

type Owner = ProcessIdentity & { readonly operation: string; readonly since: string }

/** Milliseconds an operation may hold the lock; what is slow runs without it. */
const usual = 60_000

const isOwner = hasFields({
  pid: isNumber,
  startTime: orNull(isText),
  bootId: orNull(isText),
  pidNamespace: orNull(isText),
  host: isText,
  operation: isText,
  since: isText,
})

/** Who holds the repository's lock, since when, and whether he is still there. */
export const lock: Check = {
  id: 'lock',
  group: 'operations',
  async run(facts) {
    const { commonDir } = facts
    const directory = join(commonDir, 'flightrules', 'lock')
    const file = await findHeld(directory)
    if (file === undefined) return ok('nobody holds the lock of this repository')
    const owner = await readOwner(join(directory, file))
    if (owner === undefined) {
      return warn(
        `${join(directory, file)} holds the lock and does not say who: a command that needs it waits, then gives up`,
        'flightrules status --json    again in a minute',
      )
    }
    const age = facts.now().getTime() - Date.parse(owner.since)
    const who = `${owner.operation} (process ${owner.pid} on ${owner.host}) holds the lock for ${formatDuration(age)}`
    const liveness = await probeLiveness(owner, await readOwnIdentity())
    if (liveness === 'dead') return ok(`${who} and is dead: the next command takes it over`)
    if (liveness === 'unknown')
      return warn(`${who}; whether it is still there cannot be seen from here`, 'end it there, or wait for it')
    return age > usual ? warn(`${who}: every other command waits for it`, `look at it: ps -p ${owner.pid}`) : ok(who)
  },
}

/** The newest generation where it is a lock and not a release. */
async function findHeld(directory: string): Promise<string | undefined> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^(?:lock|free)\.\d+$/.test(name))
  const newest = names.toSorted((a, b) => Number(b.slice(5)) - Number(a.slice(5)))[0]
  return newest?.startsWith('lock.') === true ? newest : undefined
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isOwner(content) ? (content as Owner) : undefined
  } catch {
    return undefined
  }
}
