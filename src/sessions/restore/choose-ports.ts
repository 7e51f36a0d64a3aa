import type { PortRequest } from '../../config/types.ts'
import { allocatePorts, isPortFree, listPorts } from '../../setup/allocate-ports.ts'
import type { Context } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'
import type { Session } from '../session.ts'

/** The ports a session had; others for those that belong to another session by now, or that something listens on. */
export async function choosePorts(context: Context, set: SessionSet, session: Session): Promise<Record<string, number>> {
  const configured = context.loaded.config.ports
  const taken = new Set(set.registered.flatMap((other) => listPorts(other.session.ports, configured)))
  const keep: Record<string, number> = {}
  const requests: Record<string, PortRequest> = {}
  for (const [name, port] of Object.entries(session.ports)) {
    // a name the config does not have any more is looked for near where it was
    requests[name] = configured[name] ?? { from: port, to: port + 999 }
    if (!taken.has(port) && (await isPortFree(port))) keep[name] = port
  }
  return allocatePorts({ requests, taken, keep })
}
