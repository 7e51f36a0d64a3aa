import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Enough to tell, later and from another process, whether this very process is still there. */
export interface ProcessIdentity {
  readonly pid: number
  /** Kernel's start time of the process; null where the system does not tell cheaply. */
  readonly startTime: string | null
  /** Changes with each boot; null where the system does not tell. */
  readonly bootId: string | null
  /** Process numbers mean nothing across namespaces (containers); null where there are none. */
  readonly pidNamespace: string | null
  readonly host: string
}

/** Who we are. */
export async function readOwnIdentity(): Promise<ProcessIdentity> {
  const [startTime, bootId, pidNamespace] = await Promise.all([
    readStat(process.pid).then(startTimeOf),
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
      (text) => text.trim(),
      () => null,
    ),
    readlink('/proc/self/ns/pid').catch(() => null),
  ])
  return { pid: process.pid, startTime, bootId, pidNamespace, host: hostname() }
}

/** Of a process that may be on another machine. */
export type Liveness = 'alive' | 'dead' | 'unknown'

/** `unknown` when the process is of another machine or container: nobody may decide about it from here. */
export async function probeLiveness(other: ProcessIdentity, own: ProcessIdentity): Promise<Liveness> {
  if (other.host !== own.host) return 'unknown'
  if (other.bootId !== own.bootId) return other.bootId === null || own.bootId === null ? 'unknown' : 'dead'
  if (other.pidNamespace !== own.pidNamespace) return 'unknown'
  if (!processExists(other.pid)) return 'dead'
  const stat = await readStat(other.pid)
  // killed, and nobody has asked for its end yet; where nobody ever will, it stays so for good
  if (stat !== null && /^[ZX]/.test(stat)) return 'dead'
  const startTime = startTimeOf(stat)
  if (startTime === null || other.startTime === null) return 'alive'
  return startTime === other.startTime ? 'alive' : 'dead'
}

/** Whether there is a process of this number, whichever it is. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** /proc/PID/stat from its third field, the state; the command name before it may contain spaces and parentheses. */
async function readStat(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2)
}

/** Field 22. */
function startTimeOf(stat: string | null): string | null {
  return stat?.split(' ')[19] ?? null
}
