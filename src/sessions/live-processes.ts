import { readdir, readFile, readlink } from 'node:fs/promises'
import { isWithin } from './find-session.ts'

export interface LiveProcess {
  readonly pid: number
  readonly name: string
  /** The directory it is in. */
  readonly cwd: string
}

/**
 * Processes with their current directory in or below one of `directories`, other than this one.
 * From /proc; where there is none, `unknown`, because nothing was seen is not that nobody is there.
 */
export async function findProcessesIn(directories: readonly string[]): Promise<readonly LiveProcess[] | 'unknown'> {
  if (directories.length === 0) return []
  const names = await readdir('/proc').catch(() => undefined)
  if (names === undefined || !names.includes('self')) return 'unknown'
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map(async (name): Promise<LiveProcess[]> => {
        const cwd = await readlink(`/proc/${name}/cwd`).catch(() => undefined)
        if (cwd === undefined || !directories.some((directory) => isWithin(directory, cwd))) return []
        const comm = await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '?')
        return [{ pid: Number(name), name: comm.trim(), cwd }]
      }),
  )
  return found.flat()
}
