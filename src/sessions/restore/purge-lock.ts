import { join } from 'node:path'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'

/** Whoever makes a trashed folder again and whoever deletes one keep out of each other's way; the rest of the program need not wait for them. */
export function withPurgeLock<T>(context: Context, work: () => Promise<T>): Promise<T> {
  const scope = join(commonDirOf(context), 'flightrules', 'purge')
  return withLock(scope, { operation: 'purge', signal: context.signal, waitMs: context.lockWaitMs }, work)
}
