import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Ends a child and everything it started: asks, waits up to `grace` milliseconds, then makes it. The child must be
 * the leader of its own process group (on Windows there are none; its process tree is ended at once).
 */
export async function stopProcessGroup(pid: number, grace: number): Promise<void> {
  if (process.platform === 'win32') {
    await new Promise<void>((resolve) => execFile('taskkill', ['/pid', String(pid), '/T', '/F'], () => resolve()))
    return
  }
  if (!signalGroup(pid, 'SIGTERM')) return
  for (const end = Date.now() + grace; Date.now() < end;) {
    await sleep(50)
    if (!signalGroup(pid, 0) || !(await isAnyRunning(pid))) return
  }
  signalGroup(pid, 'SIGKILL')
}

/** False when nobody is left in the group. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** In a container nobody may collect orphans that ended: they keep their number and can be signalled, but run no more. */
async function isAnyRunning(group: number): Promise<boolean> {
  const rows = await new Promise<string | undefined>((resolve) =>
    execFile('ps', ['-A', '-o', 'pgid=', '-o', 'stat='], (error, stdout) => resolve(error === null ? stdout : undefined)),
  )
  if (rows === undefined) return true
  return rows.split('\n').some((row) => {
    const [pgid, state] = row.trim().split(/\s+/)
    return Number(pgid) === group && state?.startsWith('Z') === false
  })
}
