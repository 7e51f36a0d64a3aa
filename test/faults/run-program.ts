import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Ended {
  /** Exit status; null when a signal ended it. */
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** It did not end by itself. */
  readonly hung: boolean
  readonly ms: number
}

export interface Run {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Where what it prints is kept. */
  readonly scratch: string
  /** Milliseconds after which it is stopped and counts as hung. */
  readonly patience?: number
}

let number = 0

/**
 * Runs a program as the leader of a process group of its own and gives its end, not that of the children it may leave
 * behind. `FAULT_LEADER` in its environment is its own process id.
 */
export async function runProgramAlone(argv: readonly string[], run: Run): Promise<Ended> {
  number += 1
  const started = performance.now()
  const files = [join(run.scratch, `out-${number}`), join(run.scratch, `err-${number}`)] as const
  const [out, err] = files.map((file) => openSync(file, 'w'))
  const child = spawn('/bin/sh', ['-c', 'FAULT_LEADER=$$ exec "$@"', 'sh', ...argv], {
    cwd: run.cwd,
    env: run.env,
    stdio: ['ignore', out, err],
    detached: true,
  })
  for (const descriptor of [out, err]) if (descriptor !== undefined) closeSync(descriptor)
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    killGroup(child.pid)
  }, run.patience ?? 90_000)
  const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (...end) => resolve(end))
  })
  clearTimeout(timer)
  const [stdout = '', stderr = ''] = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return { status, signal, stdout, stderr, hung, ms: Math.round(performance.now() - started) }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // it ended at this very moment
  }
}
