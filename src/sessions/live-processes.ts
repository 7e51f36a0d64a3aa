import { readdir, readFile, readlink } from 'node:fs/promises'
import { isWithin } from './find-session.ts'

export interface LiveProcess {
  readonly pid: number
  readonly name: string
  /** The directory it is in. */
  readonly cwd: string
}

/**
 * Processes with their current directory in or below one of `directories`, other than ourselves and those that wait for us.
 * From /proc; where there is none, `unknown`, because nothing was seen is not that nobody is there.
 */
export async function findProcessesIn(directories: readonly string[]): Promise<readonly LiveProcess[] | 'unknown'> {
  if (directories.length === 0) return []
  const names = await readdir('/proc').catch(() => undefined)
  if (names === undefined || !names.includes('self')) return 'unknown'
  const waiting = await listAncestors(process.pid)
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name) && !waiting.has(Number(name)))
      .map(async (name): Promise<LiveProcess[]> => {
        const cwd = await readlink(`/proc/${name}/cwd`).catch(() => undefined)
        if (cwd === undefined || !directories.some((directory) => isWithin(directory, cwd))) return []
        const comm = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '?')
        return [{ pid: Number(name), name: comm.trim(), cwd }]
      }),
  )
  return found.flat()
}

/** This process, the git that called it, the shell that called that, and so on. */
async function listAncestors(pid: number): Promise<Set<number>> {
  const ancestors = new Set<number>()
  for (let current = pid; current > 1 && !ancestors.has(current); ) {
    ancestors.add(current)
    const stat = await readFile(`/proc/${current}/stat`, 'utf8').catch(() => '')
    current = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0)
  }
  return ancestors
}
