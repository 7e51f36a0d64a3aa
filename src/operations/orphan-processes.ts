import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

/** Milliseconds a process gets to end by itself, and again after it was asked to, before it is killed. */
const patienceMs = 2_000

/**
 * Waits for, then stops, what a dead operation has left running: its processes carry its id as FLIGHTRULES_OP, the
 * project's own commands as FLIGHTRULES_SETUP. git that is asked to stop takes its lock files away.
 */
export async function stopOrphans(op: string): Promise<void> {
  let pids = await findOrphans(op)
  for (const signal of [undefined, 'SIGTERM', 'SIGKILL'] as const) {
    if (pids.length === 0) return
    if (signal !== undefined) for (const pid of pids) kill(pid, signal)
    const until = performance.now() + patienceMs
    while (pids.length > 0 && performance.now() < until) {
      await sleep(25)
      pids = await findOrphans(op)
    }
  }
}

/** Processes of this user, other than this one, that an operation started. */
async function findOrphans(op: string): Promise<number[]> {
  const marks = [`FLIGHTRULES_OP=${op}`, `FLIGHTRULES_SETUP=${op}`]
  const names: readonly string[] = await readdir('/proc').catch(() => [])
  const found = names.includes('self') ? await findInProc(names, marks) : await findWithPs(marks)
  return found.filter((pid) => pid !== process.pid)
}

async function findInProc(names: readonly string[], marks: readonly string[]): Promise<number[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      if (!/^\d+$/.test(name)) return []
      const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '')
      return environment.split('\0').some((entry) => marks.includes(entry)) ? [Number(name)] : []
    }),
  )
  return found.flat()
}

/** `ps` of macOS and the BSDs shows the environment behind the command with `-E`. */
async function findWithPs(marks: readonly string[]): Promise<number[]> {
  const list = promisify(execFile)('ps', ['-E', '-ww', '-x', '-o', 'pid=,command='], { maxBuffer: 16 * 1024 * 1024 })
  const { stdout } = await list.catch(() => ({ stdout: '' }))
  return stdout.split('\n').flatMap((line) => (marks.some((mark) => line.includes(mark)) ? [Number.parseInt(line, 10)] : []))
}

function kill(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal)
  } catch {
    // it ended by itself
  }
}
