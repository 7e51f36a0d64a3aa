import { listWorktrees } from '../../git/worktrees.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../../sessions/context.ts'
import { loadSessions } from '../../sessions/load-sessions.ts'
import { changeRecord } from '../../sessions/record.ts'
import { refreshManifest } from '../../sessions/save-session.ts'
import { sessionEnvBlock } from '../../sessions/session-environment.ts'
import type { Session } from '../../sessions/session.ts'
import { allocatePorts, listPorts } from '../../setup/allocate-ports.ts'
import { writeEnvBlock } from '../../setup/write-env-block.ts'
import type { Facts } from '../facts.ts'

/** Gives a session new ports for those that belong to another one too; what it has alone it keeps. @returns what was done. */
export async function giveOtherPorts(facts: Facts, uuid: string): Promise<string> {
  const { context } = await facts.input.open()
  const commonDir = commonDirOf(context)
  const changed = await withLock(commonDir, { operation: 'doctor --fix', signal: context.signal }, () =>
    reallocate(context, uuid),
  )
  if (changed === undefined) return 'the ports are all different by now'
  const { before, session, path } = changed
  const values = sessionEnvBlock(context, session, path)
  const file = context.loaded.config.envOut
  const { findings } = await writeEnvBlock({ git: context.git, worktree: path, commonDir, file, session: session.id, values })
  const done = `session ${session.id} had ${describePorts(before)}, has ${describePorts(session.ports)}`
  return [done, ...findings.map(({ message }) => message)].join('; ')
}

async function reallocate(
  context: Context,
  uuid: string,
): Promise<{ before: Session['ports']; session: Session; path: string } | undefined> {
  const { registered } = await loadSessions(context, await listWorktrees(context.git))
  const entry = registered.find(({ session }) => session.uuid === uuid)
  if (entry === undefined) return undefined
  const before = entry.session.ports
  const configured = context.loaded.config.ports
  const taken = new Set(registered.flatMap(({ session }) => (session.uuid === uuid ? [] : listPorts(session.ports, configured))))
  if (!listPorts(before, configured).some((port) => taken.has(port))) return undefined
  const requests = Object.fromEntries(
    Object.entries(before).map(([name, port]) => [name, configured[name] ?? { from: port, to: port + 999 }]),
  )
  const ports = await allocatePorts({ requests, taken, keep: before })
  const session = await changeRecord(entry.gitDir, uuid, (current) => ({ ...current, ports }))
  if (session === undefined) return undefined
  await refreshManifest(context)
  return { before, session, path: entry.worktree.path }
}

export function describePorts(ports: Session['ports']): string {
  return Object.entries(ports)
    .map(([name, port]) => `${name}=${port}`)
    .join(' ')
}
