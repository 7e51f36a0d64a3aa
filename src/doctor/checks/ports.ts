import { isWithin } from '../../sessions/find-session.ts'
import { type Check, fail, ok, type Verdict, warn } from '../check.ts'
import { findListeners, type Listener } from '../ports/listening.ts'

interface SessionPort {
  readonly id: string
  readonly root: string
  readonly name: string
  readonly port: number
}

/** The ports sessions were given, against each other and against what listens on this machine. */
export const ports: Check = {
  id: 'ports',
  group: 'sessions',
  async run(facts) {
    const given = (await facts.linked()).flatMap(({ record, worktree }): SessionPort[] =>
      record.state === 'valid'
        ? Object.entries(record.session.ports).map(([name, port]) => ({ id: record.session.id, root: worktree.path, name, port }))
        : [],
    )
    if (given.length === 0) return ok('no session has ports')
    const listeners = await findListeners([...new Set(given.map(({ port }) => port))])
    const found = [...findDoubles(given), ...given.flatMap((one) => judge(one, given, listeners) ?? [])]
    if (found.length > 0) return found
    const used = given.filter(({ port }) => listeners.some((listener) => listener.port === port)).length
    return ok(`${given.length} ports given to sessions, all different; ${used === 0 ? 'none' : used} in use by their own session`)
  },
}

function findDoubles(given: readonly SessionPort[]): Verdict[] {
  return given.flatMap((one, index) => {
    const other = given.slice(0, index).find(({ port }) => port === one.port)
    if (other === undefined) return []
    return [
      fail(
        `port ${one.port} belongs to ${describePort(other)} and to ${describePort(one)}`,
        `flightrules setup ${one.id}    gives it another one`,
      ),
    ]
  })
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
