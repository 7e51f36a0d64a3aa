import { isWithin } from '../../sessions/find-session.ts'
import { recordFile } from '../../sessions/record.ts'
import type { Session } from '../../sessions/session.ts'
import { type Check, fail, ok, type Repair, type Verdict, warn } from '../check.ts'
import type { Facts } from '../facts.ts'
import { describePorts, giveOtherPorts } from '../ports/give-other-ports.ts'
import { findListeners, type Listener } from '../ports/listening.ts'

interface SessionPort {
  readonly id: string
  readonly root: string
  readonly name: string
  readonly port: number
  /** All of the session's. */
  readonly ports: Session['ports']
  readonly uuid: string
  /** Where they are recorded. */
  readonly file: string
}

/** The ports sessions were given, against each other and against what listens on this machine. */
export const ports: Check = {
  id: 'ports',
  group: 'sessions',
  async run(facts) {
    const given = (await facts.linked()).flatMap(({ record, worktree, gitDir }): SessionPort[] => {
      if (record.state !== 'valid') return []
      const { id, uuid, ports } = record.session
      const about = { id, uuid, ports, root: worktree.path, file: recordFile(gitDir) }
      return Object.entries(ports).map(([name, port]) => ({ ...about, name, port }))
    })
    if (given.length === 0) return ok('no session has ports')
    const listeners = await findListeners([...new Set(given.map(({ port }) => port))])
    const found = [...findDoubles(facts, given), ...given.flatMap((one) => judge(one, given, listeners) ?? [])]
    if (found.length > 0) return found
    const used = given.filter(({ port }) => listeners.some((listener) => listener.port === port)).length
    return ok(`${given.length} ports given to sessions, all different; ${used === 0 ? 'none' : used} in use by their own session`)
  },
}

function findDoubles(facts: Facts, given: readonly SessionPort[]): Verdict[] {
  return given.flatMap((one, index) => {
    const other = given.slice(0, index).find(({ port }) => port === one.port)
    if (other === undefined) return []
    const message = `port ${one.port} belongs to ${describePort(other)} and to ${describePort(one)}`
    return [fail(message, 'flightrules doctor --fix    gives the second another one', giveAnother(facts, one))]
  })
}

function giveAnother(facts: Facts, { id, uuid, file, ports: before }: SessionPort): Repair {
  const undo = `put the ports ${describePorts(before)} into ${file} again, then: flightrules setup ${id}`
  return {
    step: { kind: 'give-other-ports', id, from: { ...before }, undo },
    apply: () => giveOtherPorts(facts, uuid),
  }
}

/** A port its own session listens on is as it should be. */
function judge(one: SessionPort, given: readonly SessionPort[], listeners: readonly Listener[]): Verdict | undefined {
  const listener = listeners.find(({ port }) => port === one.port)
  if (listener === undefined) return undefined
  if (listener.process === null)
    return warn(`somebody listens on port ${one.port} of ${describePort(one)}; who it is cannot be seen from here`)
  const { cwd, name, pid } = listener.process
  if (isWithin(one.root, cwd)) return undefined
  const other = given.find(({ root }) => isWithin(root, cwd))
  const where = other === undefined ? cwd : `session ${other.id}`
  return warn(
    `port ${one.port} of ${describePort(one)} is taken by ${name} (process ${pid}) in ${where}`,
    'stop that process, or have it use its own port',
  )
}

function describePort({ id, name }: SessionPort): string {
  return `session ${id} (${name})`
}
