import { execFile } from 'node:child_process'
import { readdirSync, readlinkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { promisify } from 'node:util'
import { isWithin } from './find-session.ts'

export interface LiveProcess {
  readonly pid: number
  readonly name: string
  /** The directory it is in, or a file in there that it has open. */
  readonly cwd: string
}

/**
 * Processes with their current directory in or below one of `directories`, other than this one; `thorough` also those that have a file
 * there open, where the system tells. From /proc, and where there is none, by `lsof` if the answer is worth its time. `unknown` otherwise: that nothing was seen is not that nobody is there.
 */
export async function findProcessesIn(
  directories: readonly string[],
  effort: 'quick' | 'thorough',
): Promise<readonly LiveProcess[] | 'unknown'> {
  if (directories.length === 0) return []
  const names: readonly string[] = await readdir('/proc').catch(() => [])
  const isInside = (cwd: string): boolean => directories.some((directory) => isWithin(directory, cwd))
  const all = names.includes('self')
    ? await listFromProc(names, isInside, effort)
    : effort === 'thorough'
      ? await listFromLsof()
      : 'unknown'
  if (all === 'unknown') return all
  return all.filter(({ pid, cwd }) => pid !== process.pid && isInside(cwd))
}

/**
 * Of `processes` those that are nobody's who asked: not this one, not the shells and programs that wait for it, not what shares
 * a pipeline with it.
 */
export async function listOthers(processes: readonly LiveProcess[]): Promise<LiveProcess[]> {
  const waiting = new Set<number>()
  for (let pid = process.pid; pid > 1 && !waiting.has(pid);) {
    waiting.add(pid)
    pid = (await readLineage(pid)).parent
  }
  const { group } = await readLineage(process.pid)
  const groups = await Promise.all(processes.map(({ pid }) => readLineage(pid)))
  return processes.filter(({ pid }, index) => !waiting.has(pid) && (group === 0 || groups[index]?.group !== group))
}

/** Parent and process group, from the fields of /proc/PID/stat behind the command's name; 0 where they cannot be read. */
async function readLineage(pid: number): Promise<{ parent: number; group: number }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(parent ?? 0), group: Number(group ?? 0) }
}

async function listFromProc(
  names: readonly string[],
  isInside: (cwd: string) => boolean,
  effort: 'quick' | 'thorough',
): Promise<LiveProcess[]> {
  const inside = names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const cwd = readPlace(`/proc/${name}/cwd`)
    const place =
      cwd !== undefined && isInside(cwd) ? cwd : effort === 'thorough' ? listOpenFiles(name).find(isInside) : undefined
    return place === undefined ? [] : [{ name, cwd: place }]
  })
  const found = await Promise.all(
    inside.map(async ({ name, cwd }) => {
      if (isServer.test(await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => ''))) return []
      const comm = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '?')
      return [{ pid: Number(name), name: comm.trim(), cwd }]
    }),
  )
  return found.flat()
}

/** `npx`, and the shell it starts, wait where the agent is for the server of ours that they have started. */
const isServer = /(?:^|[\0 /])(?:flightrules|fr)[\0 ]mcp\0?$/

/** At once: the kernel answers from memory, and hundreds of turns through node's thread pool cost twenty times as much. */
function readPlace(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    return undefined
  }
}

/** A file that is open follows its folder, wherever that goes. What is in no folder, as `pipe:[1]`, would seem to be where this process is. */
function listOpenFiles(process: string): string[] {
  try {
    const places = readdirSync(`/proc/${process}/fd`).flatMap((fd) => readPlace(`/proc/${process}/fd/${fd}`) ?? [])
    return places.filter((place) => isAbsolute(place))
  } catch {
    return []
  }
}

async function listFromLsof(): Promise<readonly LiveProcess[] | 'unknown'> {
  try {
    const { stdout } = await promisify(execFile)('lsof', ['-w', '-d', 'cwd', '-Fpcn'], {
      timeout: 10_000,
      maxBuffer: 16 * 1024 * 1024,
    })
    return parseLsof(stdout)
  } catch {
    return 'unknown'
  }
}

/** Reads `lsof -Fpcn`: a line each for process number, command and name, told apart by their first letter. */
export function parseLsof(output: string): LiveProcess[] {
  const found: LiveProcess[] = []
  let pid = 0
  let name = ''
  for (const line of output.split('\n')) {
    const value = line.slice(1)
    if (line.startsWith('p')) pid = Number(value)
    else if (line.startsWith('c')) name = value
    else if (line.startsWith('n')) found.push({ pid, name, cwd: value })
  }
  return found
}
