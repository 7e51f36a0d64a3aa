import { type LockOwner, readOwner } from './lock-files.ts'
import { type Liveness, type ProcessIdentity, probeLiveness } from './process-identity.ts'

/** Milliseconds after which a holder that was alive is looked at again. */
const lookAgainMs = 500

/** Milliseconds to wait for one holder nobody can look at: it may be gone for good, and no wait would tell. */
const unknownWaitMs = 3_000

/** What one who waits has seen of the lock's holder. */
export interface Sighting {
  readonly generation: number
  /** When this generation was first seen held, and its holder last looked at; milliseconds of one clock. */
  readonly since: number
  readonly lookedAt: number
  readonly holder: LockOwner | undefined
  readonly liveness: Liveness
  /** Since when nobody can say whether it is alive; undefined where somebody can. */
  readonly unknownSince: number | undefined
}

/** Of nobody, at the start. */
export function noSighting(now: number): Sighting {
  return { generation: -1, since: now, lookedAt: 0, holder: undefined, liveness: 'dead', unknownSince: undefined }
}

/** Who holds the lock. One that lived a moment ago is not asked again for the same generation. */
export async function lookAt(
  directory: string,
  generation: number,
  seen: Sighting,
  own: ProcessIdentity,
  now: number,
): Promise<Sighting> {
  const isSame = seen.generation === generation
  if (isSame && seen.liveness === 'alive' && now - seen.lookedAt < lookAgainMs) return seen
  const holder = await readOwner(directory, `lock.${generation}`)
  const liveness = holder === undefined ? 'unknown' : await probeLiveness(holder, own)
  const unknownSince = liveness === 'unknown' ? ((isSame ? seen.unknownSince : undefined) ?? now) : undefined
  return { generation, since: isSame ? seen.since : now, lookedAt: now, holder, liveness, unknownSince }
}

/** Whether to give up on a holder that cannot be looked at. One that was just let go cannot be either, and is no reason to. */
export function isOutOfSight({ unknownSince }: Sighting, now: number): boolean {
  return unknownSince !== undefined && now - unknownSince > unknownWaitMs
}
