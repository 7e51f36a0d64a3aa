import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { findOnPath } from './find-on-path.ts'
import { packedPackage } from './packed-package.ts'

/** One question: what to wait for on the screen, what to type then, and what happens in between. */
export interface Answer {
  readonly when: RegExp
  readonly type: string
  readonly meanwhile?: () => Promise<unknown>
}

export const keys = { enter: '\r', down: '\u001b[B', right: '\u001b[C', escape: '\u001b' } as const

const script = findOnPath('script')

/** Whether this machine can give a program a terminal. */
export const hasTerminal = script !== undefined && process.platform !== 'win32'

/** Runs the packed binary in a terminal of its own, and answers its questions as they come up. Gives the status and all that was shown. */
export function runInTerminal(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly answers: readonly Answer[] },
): Promise<{ status: number; shown: string }> {
  const command = [process.execPath, join(packedPackage(), 'dist', 'cli.cjs'), ...args]
  // the terminal `script` makes has no size of its own
  const line = `stty cols 120 rows 60; exec ${command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')}`
  const wrapped = process.platform === 'darwin' ? ['-q', '/dev/null', 'sh', '-c', line] : ['-qec', line, '/dev/null']
  return new Promise((resolve, reject) => {
    const env = { ...options.env, TERM: 'xterm', SHELL: '/bin/sh', NO_COLOR: '1' }
    const child = spawn(script ?? 'script', wrapped, { cwd: options.cwd, env, stdio: ['pipe', 'pipe', 'pipe'] })
    const waiting = [...options.answers]
    let shown = ''
    let seen = 0
    let busy = false
    const look = async (): Promise<void> => {
      const [next] = waiting
      const match = next?.when.exec(shown.slice(seen))
      if (busy || next === undefined || match === null || match === undefined) return
      busy = true
      seen += match.index + match[0].length
      waiting.shift()
      await next.meanwhile?.()
      child.stdin.write(next.type)
      busy = false
      void look()
    }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      shown += stripVTControlCharacters(text).replaceAll('\r', '')
      look().catch(reject)
    })
    child.on('error', reject)
    child.on('close', (status) => resolve({ status: status ?? 1, shown }))
    child.stdin.on('error', () => {})
  })
}
