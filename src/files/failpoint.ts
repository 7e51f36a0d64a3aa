import { appendFileSync } from 'node:fs'

/** What a failpoint does when it is reached. `short` is for writers: the file system takes a part of the bytes. */
type Fault =
  | { readonly kind: 'kill' | 'short' }
  | { readonly kind: 'throw'; readonly code: string }
  | { readonly kind: 'signal'; readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP' }
  | Pause

interface Pause {
  readonly kind: 'sleep'
  readonly ms: number
}

let wanted: { readonly name: string; readonly count: number; readonly fault: Fault } | undefined
let traceFile: string | undefined
const reached = new Map<string, number>()

/**
 * Arms the failpoints of this process, from `FLIGHTRULES_FAILPOINT=name[#n]=fault` and `FLIGHTRULES_FAILPOINT_TRACE=file`; called by
 * the entries only. Faults: `kill` (SIGKILL to this process), `throw`, `ENOSPC`, `EIO`, `EROFS` (an error with that code),
 * `short` (a write takes half of its bytes), `INT`, `TERM`, `HUP` (this process gets the signal and goes on), `sleep<ms>`. `#n` is the n-th time the point is reached, the first by default; `any#n` the n-th point of all.
 */
export function armFailpoints(env: Readonly<Record<string, string | undefined>>): void {
  reached.clear()
  traceFile = env['FLIGHTRULES_FAILPOINT_TRACE']
  const match = /^(.+?)(?:#(\d+))?=(kill|throw|short|E[A-Z]+|INT|TERM|HUP|sleep\d+)$/.exec(env['FLIGHTRULES_FAILPOINT'] ?? '')
  wanted = match === null ? undefined : { name: match[1] ?? '', count: Number(match[2] ?? 1), fault: parseFault(match[3] ?? '') }
}

/**
 * A place where tests make this program fail: before and after each step, each git process and each change of a file. Costs a comparison
 * where nothing is armed.
 * @returns 'short' where a write is to take only a part.
 * @throws an error as the file system would give it.
 */
export function reachFailpoint(point: string): 'short' | undefined {
  if (wanted === undefined && traceFile === undefined) return undefined
  const name = nameAgain(point)
  const count = (reached.get(name) ?? 0) + 1
  reached.set(name, count)
  if (traceFile !== undefined) appendFileSync(traceFile, `${name}#${count}\n`)
  const total = (reached.get('any') ?? 0) + 1
  reached.set('any', total)
  const isWanted = wanted?.name === 'any' ? wanted.count === total : wanted?.name === name && wanted.count === count
  if (wanted === undefined || !isWanted) return undefined
  return strike(wanted.fault, name)
}

/** A change that fails as the file system would have it fail: by rejecting. */
export async function atFailpoint<T>(name: string, change: () => Promise<T>): Promise<T> {
  reachFailpoint(name)
  return change()
}

/** Ids and times differ from run to run; a point has the same name in all of them. */
function nameAgain(name: string): string {
  return name.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{16,}|\d{6,}[\dtz_-]*/gi, '*')
}

function strike(fault: Fault, name: string): 'short' | undefined {
  if (fault.kind === 'short') return 'short'
  if (fault.kind === 'signal') {
    process.kill(process.pid, fault.signal)
    return undefined
  }
  if (fault.kind === 'kill') process.kill(process.pid, 'SIGKILL')
  // nobody else may run meanwhile, so the whole process sleeps; after a kill it waits for the signal
  const ms = fault.kind === 'sleep' ? fault.ms : 10_000
  if (fault.kind !== 'throw') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
  else throw Object.assign(new Error(`${fault.code}: failpoint ${name}`), { code: fault.code })
  return undefined
}

function parseFault(text: string): Fault {
  if (text === 'kill' || text === 'short') return { kind: text }
  if (text === 'INT' || text === 'TERM' || text === 'HUP') return { kind: 'signal', signal: `SIG${text}` }
  if (text.startsWith('sleep')) return { kind: 'sleep', ms: Number(text.slice(5)) }
  return { kind: 'throw', code: text === 'throw' ? 'EFAULT' : text }
}
