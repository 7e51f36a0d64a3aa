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
    if (port === undefined || used.has(port)) continue
    used.add(port)
    allocated.set(name, port)
  }
  for (const request of Object.values(requests)) if (typeof request === 'number') used.add(request)
  for (const [name, request] of Object.entries(requests)) {
    if (allocated.has(name)) continue
    const port = await findPort(request, used, isFree)
    if (port === undefined) throw noFreePort(name, request)
    used.add(port)
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
  for (let port = from; port <= to; port += 1) if (!used.has(port) && (await isFree(port))) return port
  return undefined
}

function noFreePort(name: string, request: PortRequest): FlightRulesError {
  const { from, to } = rangeOf(request)
  return new FlightRulesError({
    kind: 'failed',
    code: 'NO_FREE_PORT',
    message: `no free port for ${name}: every one from ${from} to ${to} belongs to a session or has a program listening on it`,
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
