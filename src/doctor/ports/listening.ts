import { readlinkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { mapSideBySide } from '../../files/side-by-side.ts'
import { isPortFree } from '../../setup/allocate-ports.ts'

/** Who listens on a port. `null`: somebody this person may not look at, or a system that does not tell. */
export interface Listener {
  readonly port: number
  readonly process: { readonly pid: number; readonly name: string; readonly cwd: string } | null
}

/** Which of `ports` somebody listens on: from /proc, and where there is none by trying to listen. */
export async function findListeners(ports: readonly number[]): Promise<Listener[]> {
  if (ports.length === 0) return []
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => undefined)))
  if (tables.every((table) => table === undefined)) {
    const taken = await mapSideBySide(ports, async (port) => !(await isPortFree(port)))
    return ports.filter((_port, index) => taken[index]).map((port) => ({ port, process: null }))
  }
  const sockets = tables.flatMap((table) => parseListening(table ?? '')).filter(({ port }) => ports.includes(port))
  const owners = await findOwners(new Set(sockets.map(({ inode }) => inode)))
  const byPort = new Map<number, Listener>()
  for (const { port, inode } of sockets) {
    const owner = owners.get(inode) ?? null
    if (owner !== null || !byPort.has(port)) byPort.set(port, { port, process: owner })
  }
  return [...byPort.values()]
}

/** Reads /proc/net/tcp: local address and port in hex, state 0A for listening, the socket's inode. */
export function parseListening(table: string): { port: number; inode: string }[] {
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    const port = /^[0-9A-F]+:([0-9A-F]{4})$/.exec(fields[1] ?? '')?.[1]
    const inode = fields[9]
    return port === undefined || fields[3] !== '0A' || inode === undefined ? [] : [{ port: Number.parseInt(port, 16), inode }]
  })
}

/** The processes that hold these sockets, as far as this person may see. */
async function findOwners(inodes: ReadonlySet<string>): Promise<Map<string, Listener['process']>> {
  const owners = new Map<string, Listener['process']>()
  if (inodes.size === 0) return owners
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const inode = /^socket:\[(\d+)\]$/.exec(readLink(`/proc/${pid}/fd/${fd}`))?.[1]
      if (inode === undefined || !inodes.has(inode)) continue
      const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')
      owners.set(inode, { pid: Number(pid), name: name.trim(), cwd: readLink(`/proc/${pid}/cwd`) })
    }
  }
  return owners
}

/** At once: the kernel answers from memory, and thousands of turns through node's thread pool cost twenty times as much. */
function readLink(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
