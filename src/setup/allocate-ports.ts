import { createServer } from 'node:net'
import type { PortRequest } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'

export interface PortAllocation {
  readonly requests: Readonly<Record<string, PortRequest>>
  /** Ports of other sessions. */
  readonly taken: ReadonlySet<number>
  /** Ports this session has already: they stay, whoever listens on them now. */
  readonly keep?: Readonly<Record<string, number>>
  /** Default: nobody on this machine listens on it. */
  readonly isFree?: (port: number) => Promise<boolean>
}

/** Every port these stand for: of a name that asks for several in a row its port is the first. */
export function listPorts(ports: Readonly<Record<string, number>>, requests: Readonly<Record<string, PortRequest>>): number[] {
  return Object.entries(ports).flatMap(([name, port]) => inARow(port, Object.hasOwn(requests, name) ? requests[name] : undefined))
}

function inARow(first: number, request: PortRequest | undefined): number[] {
  return Array.from({ length: countOf(request) }, (_, index) => first + index)
}

function countOf(request: PortRequest | undefined): number {
  return typeof request === 'object' ? (request.count ?? 1) : 1
}

/**
 * One port for each name, all different. A plain number belongs to the main worktree: the search starts one above it and
 * goes 999 ports far, and no session gets the number another name has in the main worktree.
 * @throws FlightRulesError NO_FREE_PORT, naming the range.
 */
export async function allocatePorts(input: PortAllocation): Promise<Record<string, number>> {
  const { requests, taken, keep = {}, isFree = isPortFree } = input
  const used = new Set(taken)
  const allocated = new Map<string, number>()
  for (const name of Object.keys(requests)) {
    const port = Object.hasOwn(keep, name) ? keep[name] : undefined
    if (port === undefined) continue
    const row = inARow(port, requests[name])
    if (row.some((one) => used.has(one))) continue
    for (const one of row) used.add(one)
    allocated.set(name, port)
  }
  for (const request of Object.values(requests)) if (typeof request === 'number') used.add(request)
  for (const [name, request] of Object.entries(requests)) {
    if (allocated.has(name)) continue
    const port = await findPort(request, used, isFree)
    if (port === undefined) throw noFreePort(name, request)
    for (const one of inARow(port, request)) used.add(one)
    allocated.set(name, port)
  }
  return Object.fromEntries(Object.keys(requests).map((name) => [name, allocated.get(name) as number]))
}

function rangeOf(request: PortRequest): { from: number; to: number } {
  if (typeof request !== 'number') return { from: request.from, to: Math.min(request.to, 65535) }
  return { from: request + 1, to: Math.min(request + 999, 65535) }
}

async function findPort(
  request: PortRequest,
  used: ReadonlySet<number>,
  isFree: (port: number) => Promise<boolean>,
): Promise<number | undefined> {
  const { from, to } = rangeOf(request)
  const count = countOf(request)
  let first = from
  // what is behind a port that is not free need not be asked again
  for (let port = from; port <= to; port += 1) {
    if (used.has(port) || !(await isFree(port))) first = port + 1
    else if (port - first + 1 === count) return first
  }
  return undefined
}

function noFreePort(name: string, request: PortRequest): FlightRulesError {
  const { from, to } = rangeOf(request)
  const count = countOf(request)
  const wanted = count === 1 ? 'no free port' : `no ${count} free ports in a row`
  const why = 'belongs to a session or has a program listening on it'
  return new FlightRulesError({
    kind: 'failed',
    code: 'NO_FREE_PORT',
    message: `${wanted} for ${name}: ${count === 1 ? 'every one' : 'too many of those'} from ${from} to ${to} ${why}`,
    hint: `end a session that is done, or give ${name} a wider range in the config`,
    details: { name, from, to },
  })
}

/** Whether a server could listen on the port, on the loopback and on all addresses, old protocol and new. */
export async function isPortFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1', '0.0.0.0', '::']) if (!(await canListen(port, host))) return false
  return true
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    // a machine without this address says so; that is no program in the way
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL', 'EPROTONOSUPPORT'].includes(error.code ?? '')),
    )
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })
}
